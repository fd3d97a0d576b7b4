using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody who is signed in shows that they know the password: a device left open is not enough for what can't be taken
/// back. As slow as signing in, and counted with it.</summary>
internal sealed class ProvePassword(Database db, AccountStore accounts, Passwords passwords, AddressLimits limits, SignInThrottle throttle)
{
    /// <returns>The hash that the password was compared with.</returns>
    public async ValueTask<Outcome<string>> RunAsync(Caller caller, string? password, Visitor visitor, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(password)) return Refusal.InvalidField;
        if (limits.WhyNotSignIn(visitor.Address) is { } tooFast) return tooFast;
        if (throttle.WhyNotTry(caller.Username) is { } guessing) return guessing;

        var hash = await db.ReadAsync(session => accounts.PasswordHashOfAsync(session, caller.UserId), ct);
        if (!(await passwords.VerifyAsync(password, hash, ct)).TryGet(out var right, out var busy)) return busy;
        if (!right) return Refusal.WrongCredentials;
        throttle.Succeeded(caller.Username);
        return hash!;
    }
}
