using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Messages;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>An administrator gives somebody another role, sends them away or lets them in again. Who is changed is out at once, and
/// signs in anew with what they may do now.</summary>
internal sealed class ChangeAccount(Database db, PeopleDirectory people, GovernedAccounts governed, GiveStanding give, RemoveMessages remove)
{
    public async ValueTask<Outcome<Account>> RunAsync(Caller caller, long userId, AccountBody body, CancellationToken ct)
    {
        if (body.State is PersonState.Deleted || (body.RemoveMessages && body.State is not PersonState.Banned)) return Refusal.InvalidField;

        return await db.WriteAsync<Outcome<Account>>(async tx =>
        {
            var rev = await give.LockAsync(tx, userId);
            var whom = await people.FindAsync(tx, userId);
            if (Authority.WhyNotAdminister(await people.FindAsync(tx, caller.UserId)) is { } refusal) return Nothing(tx, refusal);
            if (whom is null or { State: PersonState.Deleted }) return Nothing(tx, Refusal.NotFound);

            var changed = whom with
            {
                Role = body.Role ?? whom.Role,
                State = body.State switch { null => whom.State, PersonState.Active => null, var state => state },
            };
            if (await WhyNotAsync(tx, caller, whom, changed, body.RemoveMessages) is { } not) return Nothing(tx, not);
            if (changed == whom && !body.RemoveMessages) return Nothing(tx, (await governed.FindAsync(tx, userId))!);

            if (changed != whom) await give.RunAsync(tx, whom, changed with { Rev = rev }, caller.UserId);
            if (body.RemoveMessages) await remove.BeginAsync(tx, userId, caller.UserId);
            return (await governed.FindAsync(tx, userId))!;
        }, ct);
    }

    async ValueTask<Refusal?> WhyNotAsync(Transaction tx, Caller caller, Person whom, Person changed, bool removes)
    {
        var who = await people.FindAsync(tx, caller.UserId);
        return (changed.Role == whom.Role ? null : Authority.WhyNotPromote(who, whom, changed.Role))
            ?? (changed.State == whom.State && !removes ? null : Authority.WhyNotGovern(who, whom))
            ?? (IsOwner(whom) && !IsOwner(changed) && !await governed.AnyOtherOwnerAsync(tx, whom.Id) ? Refusal.LastOwner : null);
    }

    static bool IsOwner(Person person) => person is { Role: Role.Owner, State: null };

    static Outcome<Account> Nothing(Transaction tx, Outcome<Account> answer)
    {
        tx.Rollback();
        return answer;
    }
}
