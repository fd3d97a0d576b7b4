using Olha.Server.Accounts;
using Olha.Server.Configuration;

namespace Olha.Server.Tests.Accounts;

/// <summary>Hashing is dear: how much of it is let in at once.</summary>
public sealed class HashingTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_bounded_and_what_is_refused_says_when_to_come_again()
    {
        using var passwords = new Passwords(new ServerOptions { PasswordCost = 8 });
        var asked = Enumerable.Range(0, 150).Select(_ => passwords.HashAsync(Guest.Password, Ct).AsTask()).ToArray();
        var outcomes = await Task.WhenAll(asked);

        var refused = outcomes.Where(it => it.Refusal is not null).Select(it => it.Refusal!).ToList();
        Assert.InRange(refused.Count, 1, 50); // some were done while others came
        Assert.All(refused, it => Assert.Equal(("unavailable", TimeSpan.FromSeconds(5)), (it.Code, it.RetryAfter!.Value)));

        // What was let in has left again.
        Assert.Null((await passwords.HashAsync(Guest.Password, Ct)).Refusal);
    }

    [Fact]
    public async Task Who_has_no_account_costs_what_who_has_one_costs()
    {
        using var passwords = new Passwords(new ServerOptions { PasswordCost = 9 });
        Assert.True((await passwords.HashAsync(Guest.Password, Ct)).TryGet(out var hash, out _));
        await passwords.VerifyAsync("", null, Ct); // makes the hash that nobody has
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 15; i++)
        {
            known.Add(await TimeAsync(passwords, hash));
            unknown.Add(await TimeAsync(passwords, null));
        }

        // A hash was made for both: without one it would be a thousandth. script/security measures the difference itself.
        Assert.InRange(Median(unknown) / Median(known), 0.2, 5);
    }

    static async Task<double> TimeAsync(Passwords passwords, string? hash)
    {
        var start = TimeProvider.System.GetTimestamp();
        Assert.False((await passwords.VerifyAsync("guessed wrong", hash, Ct)).TryGet(out var right, out _) && right);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
