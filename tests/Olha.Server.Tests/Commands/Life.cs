using System.Net;
using System.Text.Json.Nodes;
using Olha.Protocol;

namespace Olha.Server.Tests.Commands;

/// <summary>Three people who do all that one can do on a server, and who go on with it after it moved.</summary>
internal sealed class Life
{
    // Of the moment, or of the answer itself.
    static readonly HashSet<string> s_passing = ["exportedAt", "usedAt", "online", "away", "databaseBytes", "lastSeenAt", "resumeToken"];

    readonly Dictionary<string, string> _answers = [];
    readonly List<(string Name, string Token)> _people = [];
    string _cookie = "";
    long _room;
    long _direct;
    long _gone;
    string _invitation = "";
    string _access = "";
    Hello _held = null!;

    public async Task BeginAsync(Uri address)
    {
        using var ana = await ComeAsync(address, "ana");
        using var bruno = await ComeAsync(address, "bruno");
        using var joao = await ComeAsync(address, "joão");
        await RoomsAsync(ana, bruno, joao);
        await TalkAsync(ana, bruno, joao);
        await OwnThingsAsync(ana, bruno);
        await GovernAsync(ana, bruno, joao);

        await using (var ear = await bruno.ListenAsync())
            _held = new(ear.Welcome.Epoch, ear.Welcome.PersonHead, ear.Welcome.ServerHead, ear.Welcome.Rooms.ToDictionary(it => it.RoomId, it => it.Head));
        foreach (var (path, answer) in await AnswersAsync(address)) _answers[path] = answer;
        Assert.True(_answers.Count > 60);
    }

    public async Task GoOnAsync(Uri address)
    {
        var answers = await AnswersAsync(address);
        foreach (var (path, answer) in _answers) Assert.Equal($"{path} {answer}", $"{path} {answers[path]}");

        using var stranger = new Client(address);
        using (var me = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", headers: ("Cookie", _cookie))) Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        Assert.Equal("ana", (await stranger.PostAsync<InvitationOffer>("/api/v1/invitations/look", new InvitationBody(_invitation))).InvitedBy);
        using (var program = new Client(address, _access)) Assert.Equal("bruno", (await program.GetAsync<Person>("/api/v1/me")).Username);

        using var ana = new Guest(address, await new Client(address, _people[0].Token).GetAsync<Person>("/api/v1/me"), _people[0].Token);
        await using var ear = await Ear.OpenAsync(address, _people[1].Token, _held);
        var again = await ana.PostAsync<Ack>($"/api/v1/rooms/{_room}/messages", new DraftBody("first", "ação 🙂"));
        Assert.True(again.Duplicate);
        var ack = await ana.SayAsync(_room, "still here");
        // What bruno held was taken for what it was: the first that he hears is what is new.
        var heard = await ear.NextAsync<MessageChange>();
        Assert.Equal(("still here", ack.Seq, _held.Rooms![_room] + 1), (heard.Message.Body, heard.Message.Seq, heard.Rev));
        Assert.Equal("mine", (await ana.EditAsync(_room, ack.Seq, "mine")).Body);
        await ana.ReactAsync(_direct, 1, "👍");
        using var maria = await MovingHouse.SignUpAsync(address, "maria");
        await maria.JoinAsync(_room);
        using var taken = await stranger.SendAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody("JOÃO", Guest.Password));
        Assert.Equal("username_taken", (await taken.ProblemAsync()).Code);
    }

    async Task<Guest> ComeAsync(Uri address, string name)
    {
        var guest = await MovingHouse.SignUpAsync(address, name);
        _people.Add((name, guest.Token!));
        return guest;
    }

    async Task RoomsAsync(Guest ana, Guest bruno, Guest joao)
    {
        _room = (await ana.CreateRoomAsync(RoomKind.Open, "Praça")).RoomId;
        foreach (var other in (Guest[])[bruno, joao]) await other.JoinAsync(_room);
        var closed = await ana.CreateRoomAsync(RoomKind.Closed, "só nós");
        await ana.InviteAsync(closed.RoomId, bruno);
        await ana.InviteAsync(closed.RoomId, joao);
        await ana.RemoveAsync(closed.RoomId, joao);
        await ana.SayAsync(closed.RoomId, "psst");
        var gone = await ana.CreateRoomAsync();
        await ana.SayAsync(gone.RoomId, "soon gone");
        await ana.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{gone.RoomId}");
        _gone = gone.RoomId;
        await ana.PatchAsync<Room>($"/api/v1/rooms/{_room}", new RoomPatchBody(Topic: "about all and nothing", SlowModeSeconds: 0));
        _direct = (await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]))).RoomId;
        await bruno.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]));
    }

    async Task TalkAsync(Guest ana, Guest bruno, Guest joao)
    {
        var first = await ana.PostAsync<Ack>($"/api/v1/rooms/{_room}/messages", new DraftBody("first", "ação 🙂"));
        await bruno.AnswerAsync(_room, first.Seq, "@ana indeed\n\n```\ncode\n```");
        var edited = await bruno.SayAsync(_room, "a frist try");
        await bruno.EditAsync(_room, edited.Seq, "a first try");
        await bruno.EditAsync(_room, edited.Seq, "a first try, @room");
        var deleted = await joao.SayAsync(_room, "never said");
        await joao.DeleteAsync(_room, deleted.Seq);
        foreach (var emoji in (string[])["👍", "❤️", "🎉"]) await joao.ReactAsync(_room, first.Seq, emoji);
        await ana.ReactAsync(_room, first.Seq, "👍");
        await ana.ReactAsync(_room, first.Seq, "👍", present: false);
        await ana.PutAsync<Message>($"/api/v1/rooms/{_room}/messages/{first.Seq}/pin", null);
        await joao.SayAsync(_room, new string('é', 4000));
        await joao.SayAsync(_room, "'quotes' \"and\" \\ back\\slashes \t tabs");
        await ana.SayAsync(_direct, "between us");
        await bruno.SayAsync(_direct, "between us two");
        await ana.DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{_room}/messages/{edited.Seq}/report", new ReportBody("just so"));
    }

    async Task OwnThingsAsync(Guest ana, Guest bruno)
    {
        var place = await bruno.PlaceAsync(_room);
        await bruno.PutAsync<ReadState>($"/api/v1/rooms/{_room}/read", new ReadBody(place.LastSeq - 2, place.Mark));
        await bruno.PutAsync<Place>($"/api/v1/rooms/{_room}/level", new LevelBody(RoomLevel.Mentions));
        await bruno.PutAsync<SavedMessage>($"/api/v1/rooms/{_room}/messages/1/saved", null);
        await bruno.PutAsync<SavedMessage>($"/api/v1/rooms/{_room}/messages/2/saved", null);
        await bruno.DeleteAsync<SavedMessage>($"/api/v1/rooms/{_room}/messages/2/saved");
        await bruno.PutAsync<RoomDraft>($"/api/v1/rooms/{_direct}/draft", new BegunBody("what I began to"));
        await bruno.PatchAsync<Person>("/api/v1/me", new ProfileBody("Bruno B.", "away 🌴", "he", "America/Sao_Paulo"));
        _access = (await bruno.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("script", [Scope.Read]))).Token;
        await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        using var stranger = new Client(ana.Address);
        using var signedIn = await stranger.SendAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", Guest.Password));
        _cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    async Task GovernAsync(Guest ana, Guest bruno, Guest joao)
    {
        _invitation = (await ana.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member, [_room], 24, 5, "for friends"))).Token;
        using (var stranger = new Client(ana.Address))
        {
            var carla = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody("carla", Guest.Password, Invitation: _invitation));
            await ana.PatchAsync<Account>($"/api/v1/admin/people/{carla.Me.Id}", new AccountBody(Role.Guest, PersonState.Banned));
        }
        await ana.RemoveAsync(_room, joao);
        await joao.JoinAsync(_room);
        await ana.PutAsync<Member>($"/api/v1/rooms/{_room}/moderators/{bruno.Id}", null);
    }

    /// <summary>All that can be asked, by each of them.</summary>
    async Task<Dictionary<string, string>> AnswersAsync(Uri address)
    {
        var answers = new Dictionary<string, string>();
        foreach (var (name, token) in _people)
        {
            using var client = new Client(address, token);
            var state = await client.GetAsync<Welcome>("/api/v1/state");
            var paths = (List<string>)["state", "rooms", "rooms/open", "people", "people/changes?after=0", "me", "me/export", "me/changes?after=0",
                "me/mentions", "me/replies", "me/saved", "me/tokens", "sessions", "reports", "invitations", "admin/audit", "admin/people", "admin/rooms"];
            foreach (var room in state.Rooms.Select(it => it.RoomId))
                paths.AddRange(((string[])["", "/members", "/messages?limit=200", "/changes?after=0", "/pins", "/messages/1", "/messages/3/edits", "/messages/3/seen"])
                    .Select(rest => $"rooms/{room}{rest}"));
            foreach (var path in paths)
            {
                using var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/{path}");
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                answers[$"{name}: {path}"] = $"{(int)answer.StatusCode} {Lasting(JsonNode.Parse(text), _gone)}";
            }
        }
        return answers;
    }

    // What was said in a deleted room is gone a moment after the next start, and until then it is not.
    static string Lasting(JsonNode? node, long gone)
    {
        if (node is JsonObject thing)
        {
            foreach (var name in thing.Select(it => it.Key).Where(s_passing.Contains).ToList()) thing.Remove(name);
            foreach (var (_, value) in thing) Lasting(value, gone);
        }
        else if (node is JsonArray list)
        {
            foreach (var one in list.Where(it => IsOf(gone, Part(it, "message")) || IsOf(gone, Part(it, "membership"))).ToList()) list.Remove(one);
            foreach (var value in list) Lasting(value, gone);
        }
        return node?.ToJsonString() ?? "";
    }

    static JsonNode? Part(JsonNode? node, string name) => node is JsonObject thing ? thing[name] : null;

    static bool IsOf(long roomId, JsonNode? node) => Part(node, "roomId")?.GetValue<long>() == roomId;
}
