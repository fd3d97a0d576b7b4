using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

/// <summary>Whoever may come in no longer is out at once: an open socket is closed within a second, and hears nothing after.</summary>
[Trait(ChatServer.Inside, "makes many accounts: quick only where hashing is cheap")]
public sealed class RevocationTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    const int Trials = 200;
    static readonly TimeSpan s_within = TimeSpan.FromSeconds(1);

    /// <summary>The ways in which somebody is shut out, and what their socket is told.</summary>
    static readonly (string Way, CloseCode Code)[] s_ways =
    [
        ("signed out", CloseCode.SessionEnded), ("session ended from elsewhere", CloseCode.SessionEnded),
        ("password changed elsewhere", CloseCode.SessionEnded), ("disabled", CloseCode.SessionEnded), ("banned", CloseCode.Banned),
    ];

    [Fact]
    public async Task In_200_trials_whoever_is_shut_out_is_out_within_a_second_and_hears_nothing_that_is_said_after()
    {
        var room = await owned.Owner.CreateRoomAsync(RoomKind.Closed);
        var took = new List<TimeSpan>();
        for (var i = 0; i < Trials; i++)
        {
            var (way, code) = s_ways[i % s_ways.Length];
            using var bruno = await owned.Server.SignUpAsync("bruno");
            await owned.Owner.InviteAsync(room.RoomId, bruno);
            using var device = await AnotherDeviceAsync(bruno);
            await using var ear = await device.ListenAsync();

            await ShutOutAsync(way, bruno, device);
            var start = Stopwatch.GetTimestamp();
            Assert.Equal((way, code), (way, await ear.ClosedAsync()));
            took.Add(Stopwatch.GetElapsedTime(start));
            await owned.Owner.SayAsync(room.RoomId, $"after {i}");
            Assert.Equal("no_session", (await device.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
            await Assert.ThrowsAnyAsync<Exception>(() => ear.NextAsync<MessageChange>(it => it.Message.Body == $"after {i}"));
        }

        Assert.True(took.Max() <= s_within, $"the slowest took {took.Max()}");
        TestContext.Current.SendDiagnosticMessage($"revocation: median {took.Order().ElementAt(Trials / 2).TotalMilliseconds:0.0} ms, slowest {took.Max().TotalMilliseconds:0.0} ms");
    }

    async Task<Guest> AnotherDeviceAsync(Guest who)
    {
        using var other = owned.Server.Stranger();
        var session = await other.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(who.Username, Guest.Password, Bearer: true));
        return new Guest(owned.Server.Address, session.Me, session.Token!);
    }

    async Task ShutOutAsync(string way, Guest who, Guest device)
    {
        switch (way)
        {
            case "signed out":
                await device.DoneAsync(HttpMethod.Delete, "/api/v1/session");
                break;
            case "session ended from elsewhere":
                await who.DoneAsync(HttpMethod.Delete, "/api/v1/sessions");
                break;
            case "password changed elsewhere":
                await who.PutAsync<SessionAnswer>("/api/v1/me/password", new PasswordBody(Guest.Password, "another horse"));
                break;
            default:
                var state = way == "banned" ? PersonState.Banned : PersonState.Disabled;
                await owned.Owner.PatchAsync<Account>($"/api/v1/admin/people/{who.Id}", new AccountBody(State: state));
                break;
        }
    }
}
