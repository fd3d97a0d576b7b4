using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>What somebody does who has the machine but no way into the app: <c>olha admin</c>. Each gives the text to print, or says why
/// not. The log of administrative acts names nobody as who did it.</summary>
internal sealed class AdminCommands(
    Database db, AccountStore accounts, GovernedAccounts governed, PeopleDirectory people, GiveStanding give, EndSessions ends, Passwords passwords,
    Links links, AuditStore audit, ServerOptions options)
{
    /// <summary>Everybody.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync() => await db.ReadAsync(async session =>
    {
        List<Account> accounts = [];
        for (long? after = 0; after is { } last;)
        {
            var page = await governed.ListAsync(session, last, "", null, null);
            accounts.AddRange(page.Accounts);
            after = page.Next;
        }
        return accounts;
    }, CancellationToken.None);

    /// <summary>Accounts for people to read.</summary>
    public static string Table(IEnumerable<Account> accounts) => string.Join('\n', accounts.Select(Line).Prepend("    id  role    state     last seen   name"));

    /// <summary>Gives somebody a way back in.</summary>
    /// <param name="name">Their user name.</param>
    /// <param name="ask">Asks for the new password, once it is known whose; gives null when they are to get a link instead.</param>
    public async Task<Outcome<string>> ResetPasswordAsync(string name, Func<Outcome<string?>> ask)
    {
        if (await IdOfAsync(name) is not { } id) return Nobody(name);
        if (!ask().TryGetOrNull(out var password, out var refusal)) return refusal;
        if (password is null) return await MakeLinkAsync(name, id);
        if (Passwords.WhyNotSet(password, name) is { } unsound) return unsound;
        if (!(await passwords.HashAsync(password, CancellationToken.None)).TryGet(out var hash, out var busy)) return busy;

        return await db.WriteAsync<Outcome<string>>(async tx =>
        {
            await accounts.AdvanceAsync(tx, id, 0);
            await governed.SetPasswordAsync(tx, id, hash);
            await ends.RunAsync(tx, id);
            await audit.AddAsync(tx, null, AuditAction.PasswordReset, id);
            return $"{Shown(name)} has a new password and is signed out everywhere.{HintFor(await people.FindAsync(tx, id))}";
        }, CancellationToken.None);
    }

    public Task<Outcome<string>> MakeOwnerAsync(string name) => ChangeAsync(
        name, person => person with { Role = Role.Owner }, "is an owner now: sign in anew", "is an owner already");

    public Task<Outcome<string>> EnableAsync(string name) => ChangeAsync(
        name, person => person with { State = null }, "can come in again", "can come in already");

    async Task<Outcome<string>> ChangeAsync(string name, Func<Person, Person> change, string done, string already)
    {
        if (await IdOfAsync(name) is not { } id) return Nobody(name);
        return await db.WriteAsync<Outcome<string>>(async tx =>
        {
            var rev = await give.LockAsync(tx, id);
            var before = (await people.FindAsync(tx, id))!;
            var after = change(before);
            if (after == before)
            {
                tx.Rollback();
                return $"{Shown(name)} {already}.{HintFor(before)}";
            }
            await give.RunAsync(tx, before, after with { Rev = rev }, actorId: null);
            return $"{Shown(name)} {done}.{HintFor(after)}";
        }, CancellationToken.None);
    }

    async Task<Outcome<string>> MakeLinkAsync(string name, long id)
    {
        var link = await db.WriteAsync(async tx =>
        {
            await accounts.AdvanceAsync(tx, id, 0);
            await audit.AddAsync(tx, null, AuditAction.RecoveryLinkMade, id);
            return await links.CreateLinkAsync(tx, id, null, LinkKind.Recovery, MakeRecoveryLink.Lifetime);
        }, CancellationToken.None);
        var address = options.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"http://localhost:{options.Port}";
        var hint = HintFor(await db.ReadAsync(session => people.FindAsync(session, id), CancellationToken.None));
        return $"""
            Whoever opens this once within 24 hours sets a new password for {Shown(name)}:{hint}

              {address}/link#{link.Token}

            """;
    }

    async Task<long?> IdOfAsync(string name)
    {
        if (name.Contains('\0')) return null;
        var row = await db.ReadAsync(session => new ValueTask<SignInRow?>(accounts.FindForSignInAsync(session, name)), CancellationToken.None);
        return row is null or { State: States.Deleted } ? null : row.Id;
    }

    static Refusal Nobody(string name) => Refusal.NotFound with { Detail = $"Nobody is called {Shown(name)}. See olha admin list." };

    static string HintFor(Person? person) => person?.State is { } state
        ? $" But the account is {States.Word(state)}: olha admin enable {Shown(person.Username)}"
        : "";

    static string Line(Account account) => string.Create(CultureInfo.InvariantCulture,
        $"{account.Person.Id,6}  {Roles.Word(account.Person.Role),-6}  {States.Word(account.Person.State ?? PersonState.Active),-8}  {account.LastSeenAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-",-10}  {Shown(account.Person.Username)}");

    // A name that was adopted may hold anything, also what a terminal obeys.
    static string Shown(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));
}
