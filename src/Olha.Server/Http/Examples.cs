using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>An example of every body and of the answers that one meets first, for who reads the interface's description.</summary>
internal static class Examples
{
    static readonly DateTimeOffset s_time = new(2026, 1, 31, 12, 34, 56, 789, TimeSpan.Zero);
    static readonly Person s_ana = new(1, "ana", "Ana Lima", "#b5482f", Role.Owner, 3);

    static readonly Dictionary<Type, object> s_all = new object[]
    {
        new SignUpBody("ana", "vento norte 7", "Ana Lima"),
        new SignInBody("ana", "vento norte 7"),
        new OriginalCredentials("ana", "vento norte 7"),
        new PasswordBody("vento norte 7", "vento sul 8"),
        new NewTokenBody("weather robot", [Protocol.Scope.Read, Protocol.Scope.Write], 90),
        new LinkBody("pS4Yyq3k0wS1v0f0n0oE5mJd7b9tJq2cL8xR1uVhZaA"),
        new UseLinkBody("pS4Yyq3k0wS1v0f0n0oE5mJd7b9tJq2cL8xR1uVhZaA", "vento sul 8"),
        new DeleteAccountBody("vento norte 7"),
        new NewInvitationBody(Role.Guest, [7], 72, 5, "for the summer school"),
        new InvitationBody("pS4Yyq3k0wS1v0f0n0oE5mJd7b9tJq2cL8xR1uVhZaA"),
        new AccountBody(State: PersonState.Disabled),
        new ReportBody("Advertising"),
        new ProfileBody("Ana Lima", "On the train until four"),
        new SettingsBody("Casa Verde", Registration: Registration.Invite),
        new NewRoomBody(RoomKind.Open, "Garden", "Who waters what"),
        new DirectRoomBody([2, 3]),
        new RoomPatchBody(Topic: "Who waters what, and when"),
        new DraftBody("V1StGXR8_Z5jdHi6B-myT", "The tomatoes are *ripe*"),
        new EditBody("The tomatoes are **ripe**"),
        new LevelBody(RoomLevel.Mentions),
        new BegunBody("The beans will"),
        new ReadBody(88, 80),
        new SessionAnswer(s_ana, s_time, null),
        new Ack("V1StGXR8_Z5jdHi6B-myT", 7, 7741, 88, s_time, false),
        new Message(7741, 7, 88, 95, 1, "V1StGXR8_Z5jdHi6B-myT", MessageKind.Text, "The tomatoes are *ripe*", null, s_time, null, null),
        s_ana,
        new Problem("about:blank", "Too Many Requests", 429, Refusal.TooFast.Detail, Refusal.TooFast.Code, null, true, 1500),
    }.ToDictionary(static it => it.GetType());

    public static Task Apply(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (s_all.TryGetValue(context.JsonTypeInfo.Type, out var example) && ProtocolJson.Wire.GetTypeInfo(example.GetType()) is { } type)
            schema.Examples = [JsonSerializer.SerializeToNode(example, type)!];
        return Task.CompletedTask;
    }
}
