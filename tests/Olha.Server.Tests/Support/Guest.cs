using Olha.Protocol;

namespace Olha.Server.Tests;

/// <summary>Somebody with an account, signed in with a bearer token.</summary>
public sealed class Guest(Uri address, Person me, string token) : Client(address, token)
{
    public const string Password = "correct horse";

    static int s_rooms;
    static int s_cids;

    public Person Me => me;
    public long Id => me.Id;
    public string Username => me.Username;

    public static string NewRoomName() => $"room {Interlocked.Increment(ref s_rooms)}";

    public Task<Place> CreateRoomAsync(RoomKind kind = RoomKind.Open, string? name = null) =>
        PostAsync<Place>("/api/v1/rooms", new NewRoomBody(kind, name ?? NewRoomName()));

    public Task<Place> JoinAsync(long roomId) => PostAsync<Place>($"/api/v1/rooms/{roomId}/join", null);

    public Task LeaveAsync(long roomId) => DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{roomId}/leave");

    public Task<Member> InviteAsync(long roomId, Guest whom) => PutAsync<Member>($"/api/v1/rooms/{roomId}/members/{whom.Id}", null);

    public Task RemoveAsync(long roomId, Guest whom) => DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{roomId}/members/{whom.Id}");

    public Task<Place> PlaceAsync(long roomId) => GetAsync<Place>($"/api/v1/rooms/{roomId}");

    public Task<Ack> SayAsync(long roomId, string body) =>
        PostAsync<Ack>($"/api/v1/rooms/{roomId}/messages", new DraftBody($"c{Interlocked.Increment(ref s_cids)}", body));

    /// <summary>Answers a message.</summary>
    public Task<Ack> AnswerAsync(long roomId, long seq, string body) =>
        PostAsync<Ack>($"/api/v1/rooms/{roomId}/messages", new DraftBody($"c{Interlocked.Increment(ref s_cids)}", body, seq));

    public Task<Message> MessageAsync(long roomId, long seq) => GetAsync<Message>($"/api/v1/rooms/{roomId}/messages/{seq}");

    public Task<Message> EditAsync(long roomId, long seq, string body) =>
        PatchAsync<Message>($"/api/v1/rooms/{roomId}/messages/{seq}", new EditBody(body));

    public Task<Message> DeleteAsync(long roomId, long seq) => DeleteAsync<Message>($"/api/v1/rooms/{roomId}/messages/{seq}");

    public Task<Message> ReactAsync(long roomId, long seq, string emoji, bool present = true)
    {
        var path = $"/api/v1/rooms/{roomId}/messages/{seq}/reactions/{Uri.EscapeDataString(emoji)}";
        return present ? PutAsync<Message>(path, null) : DeleteAsync<Message>(path);
    }

    /// <summary>The room's newest messages, oldest first.</summary>
    public async Task<IReadOnlyList<Message>> HistoryAsync(long roomId) =>
        (await GetAsync<MessagePage>($"/api/v1/rooms/{roomId}/messages?limit=200")).Messages;

    /// <summary>A socket that has said hello and was welcomed.</summary>
    public Task<Ear> ListenAsync() => Ear.OpenAsync(Address, Token!);
}
