using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody who has an account comes in. Who does not exist and who has another password are told the same, after the
/// same time.</summary>
internal sealed class SignIn(
    Database db, AccountStore accounts, PeopleDirectory people, Passwords passwords, Sessions sessions, AddressLimits limits, SignInThrottle throttle)
{
    public async ValueTask<Outcome<SignedIn>> RunAsync(string? username, string? password, Visitor visitor, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(username) || string.IsNullOrEmpty(password)) return Refusal.InvalidField;
        if (limits.WhyNotSignIn(visitor.Address) is { } tooFast) return tooFast;
        if (throttle.WhyNotTry(username) is { } guessing) return guessing;

        // Somebody else who came in at the same time may have made the hash stronger: then once more, with that one.
        for (var last = false; ; last = true)
        {
            if (!(await TryAsync(username, password, visitor, ct)).TryGetOrNull(out var signedIn, out var refusal)) return refusal;
            if (signedIn is not null) return signedIn;
            if (last) return Refusal.WrongCredentials;
        }
    }

    // Null: the hash is another one since the password was compared with it.
    async ValueTask<Outcome<SignedIn?>> TryAsync(string username, string password, Visitor visitor, CancellationToken ct)
    {
        var account = CanBeAName(username)
            ? await db.ReadAsync(session => new ValueTask<SignInRow?>(accounts.FindForSignInAsync(session, username)), ct)
            : null;
        var verified = await passwords.VerifyAsync(password, account?.PasswordHash, ct);
        if (!verified.TryGet(out var right, out var busy)) return busy;
        if (account is null || !right) return Refusal.WrongCredentials;
        throttle.Succeeded(username);
        // Said only to who knows the password.
        if (account.State != States.Active) return account.State == States.Banned ? Refusal.Banned : Refusal.Disabled;

        // Hashed before the unit of work begins: nothing slow runs inside one.
        var stronger = passwords.IsWeak(account.PasswordHash) ? await passwords.HashAsync(password, ct) : (Outcome<string>?)null;
        return await db.WriteAsync<Outcome<SignedIn?>>(async tx =>
        {
            // Under the person's lock: who was verified with a password that was changed meanwhile, or was disabled, does not come in.
            await accounts.AdvanceAsync(tx, account.Id, 0);
            var same = await accounts.PasswordHashOfAsync(tx, account.Id) == account.PasswordHash;
            var me = await people.FindAsync(tx, account.Id);
            if (!same || Authority.WhyNotActive(me) is not null)
            {
                tx.Rollback();
                return same ? Authority.WhyNotActive(me)! : default(SignedIn);
            }
            if (stronger?.TryGet(out var hash, out _) == true) await accounts.SetPasswordAsync(tx, account.Id, account.PasswordHash, hash!);
            var opened = await sessions.OpenAsync(tx, account.Id, visitor);
            return new SignedIn(me!, opened);
        }, ct);
    }

    // An adopted name may be anything but this; PostgreSQL has no NUL in a text.
    static bool CanBeAName(string username) => username.Length <= 1000 && !username.Contains('\0');
}

/// <summary>Who came in, and with which session.</summary>
internal sealed record SignedIn(Person Me, OpenedSession Session);
