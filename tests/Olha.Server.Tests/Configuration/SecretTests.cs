using Olha.Protocol;

namespace Olha.Server.Tests.Configuration;

/// <summary>What never stands in the log, however much is logged.</summary>
public sealed class SecretTests
{
    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    public async Task At_the_level_trace_the_log_holds_no_secret_and_nothing_that_was_said(string format)
    {
        var folder = Directory.CreateTempSubdirectory("olha-secrets-").FullName;
        var canaries = new Dictionary<string, string>
        {
            ["password"] = "canary-password-1", ["wrong password"] = "canary-password-2", ["message"] = "canary-message-3", ["edit"] = "canary-edit-4",
            ["draft"] = "canary-draft-5", ["query"] = "canary-query-6", ["broken body"] = "canary-broken-7", ["frame"] = "canary-frame-8",
            ["made-up token"] = "canary-token-9aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ["report"] = "canary-report-11", ["link"] = "canary-link-10aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        };
        try
        {
            await using var program = RunningProgram.Start(folder, new Dictionary<string, string>
            {
                ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = "olha.db", ["LOG_LEVEL"] = "trace", ["LOG_FORMAT"] = format,
            });
            var address = await program.Address;
            using var stranger = new Client(address);
            var session = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody("ana", canaries["password"], Bearer: true));
            using var ana = new Guest(address, session.Me, session.Token!);
            canaries["token"] = session.Token!;
            using (var cookie = await stranger.SendAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", canaries["password"])))
                canaries["cookie"] = cookie.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
            await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", canaries["wrong password"]));

            var said = await ana.SayAsync(1, canaries["message"]);
            await ana.EditAsync(1, said.Seq, canaries["edit"]);
            using (await ana.SendAsync(HttpMethod.Put, "/api/v1/rooms/1/draft", new BegunBody(canaries["draft"]))) { }
            using (await ana.SendAsync(HttpMethod.Get, $"/api/v1/rooms/open?query={canaries["query"]}")) { }
            using (await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", $$"""{"body":"{{canaries["broken body"]}}",""")) { }
            foreach (var path in (string[])["/api/v1/invitations/look", "/api/v1/links/look", "/api/v1/links/use"])
                using (await stranger.SendAsync(HttpMethod.Post, path, new LinkBody(canaries["link"]))) { }
            var invitation = await ana.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));
            canaries["invitation"] = invitation.Token;
            await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(
                "bruno", canaries["password"], Bearer: true, Invitation: invitation.Token));
            canaries["device link"] = (await ana.PostAsync<NewLink>("/api/v1/me/device-links", null)).Token;
            await stranger.PostAsync<SessionAnswer>("/api/v1/links/use", new UseLinkBody(canaries["device link"], Bearer: true));
            canaries["access token"] = (await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]))).Token;
            using (var bot = new Client(address, canaries["access token"])) await bot.GetAsync<Person>("/api/v1/me");
            using (await ana.SendAsync(HttpMethod.Post, $"/api/v1/rooms/1/messages/{said.Seq}/report", new ReportBody(canaries["report"]))) { }
            using (await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Authorization", $"Bearer {canaries["made-up token"]}"))) { }
            using (await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", $"olha_session={canaries["cookie"]}"))) { }
            await using (var ear = await ana.ListenAsync())
            {
                await ear.SendAsync(new Post(1, "c-canary", canaries["frame"]));
                await ear.NextAsync<Ack>();
                await ear.SendAsync($$"""{"type":"post","body":7,"note":"{{canaries["frame"]}}"}""");
                await ear.NextAsync<Refused>();
            }
            using (await ana.SendAsync(HttpMethod.Delete, "/api/v1/session")) { }
            program.Terminate();
            var (_, complaint) = await program.EndedAsync();

            Assert.Contains("/api/v1/sessions", program.Said); // it does log
            Assert.All(canaries, canary => Assert.False((program.Said + complaint).Contains(canary.Value, StringComparison.Ordinal), $"the log holds the {canary.Key}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
