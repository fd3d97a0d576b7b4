using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

/// <summary>A session that has ended is heard of by its open socket at once.</summary>
[Trait(ChatServer.Inside, "makes many accounts: quick only where hashing is cheap")]
public sealed class RevocationTests(ChatServer server) : IClassFixture<ChatServer>
{
    const int Trials = 200;
    static readonly TimeSpan s_within = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task In_200_trials_an_ended_sessions_socket_is_closed_within_a_second_and_hears_nothing_that_is_said_after()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var took = new List<TimeSpan>();
        for (var i = 0; i < Trials; i++)
        {
            using var other = new Client(server.Address);
            var session = await other.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(bruno.Username, Guest.Password, Bearer: true));
            using var device = new Guest(server.Address, session.Me, session.Token!);
            await using var ear = await device.ListenAsync();

            await device.DoneAsync(HttpMethod.Delete, "/api/v1/session");
            var start = Stopwatch.GetTimestamp();
            Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
            took.Add(Stopwatch.GetElapsedTime(start));
            await ana.SayAsync(room.RoomId, $"after {i}");
            Assert.Equal("no_session", (await device.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
            await Assert.ThrowsAnyAsync<Exception>(() => ear.NextAsync<MessageChange>(it => it.Message.Body == $"after {i}"));
        }

        Assert.True(took.Max() <= s_within, $"the slowest took {took.Max()}");
        TestContext.Current.SendDiagnosticMessage($"revocation: median {took.Order().ElementAt(Trials / 2).TotalMilliseconds:0.0} ms, slowest {took.Max().TotalMilliseconds:0.0} ms");
    }
}
