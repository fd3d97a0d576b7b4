using System.Net;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Interleaving;

/// <summary>One try to say something, and what came of it.</summary>
/// <param name="Post">What.</param>
/// <param name="Socket">On which of the person's sockets; null: over HTTP.</param>
/// <param name="Answer">Ends with <c>ack</c>, <c>refused</c>, or null: nobody knows.</param>
internal sealed record Try(Post Post, int? Socket, Task<ServerFrame?> Answer);

/// <summary>One person who does this and that, as chance will have it.</summary>
/// <param name="follower">Their client.</param>
/// <param name="chance">Which will have it.</param>
/// <param name="rooms">Where.</param>
/// <param name="others">Whom they may bring in and put out; nobody unless the rooms are theirs. Who may never goes and never drops.</param>
internal sealed class Actor(Follower follower, Random chance, IReadOnlyList<long> rooms, IReadOnlyList<Guest> others)
{
    const int MostUnanswered = 30;

    int _posts;

    public Follower Follower => follower;
    public List<Try> Tries { get; } = [];

    long ARoom => rooms[chance.Next(rooms.Count)];
    bool IsOwner => others.Count > 0;

    public async Task ActAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            follower.MustBeSound();
            await (chance.Next(100) switch
            {
                < 40 => PostAsync(New()),
                < 44 => ReviseAsync(HttpMethod.Patch, "", new EditBody($"edit {i}")),
                < 46 => ReviseAsync(HttpMethod.Delete, "", null),
                < 50 => AskAsync(chance.Next(3) > 0 ? HttpMethod.Put : HttpMethod.Delete, $"/messages/{chance.Next(1, 30)}/reactions/%F0%9F%91%8D"),
                < 51 => AskAsync(HttpMethod.Put, $"/messages/{chance.Next(1, 30)}/pin"),
                < 56 => OverHttpAsync(New()),
                < 62 => AgainAsync(static post => post),
                < 65 => AgainAsync(static post => post with { Body = post.Body + "!" }),
                < 68 => TwiceAtOnceAsync(New()),
                < 76 when IsOwner => AskAsync(HttpMethod.Put, $"/members/{others[chance.Next(others.Count)].Id}"),
                < 82 when IsOwner => AskAsync(HttpMethod.Delete, $"/members/{others[chance.Next(others.Count)].Id}"),
                < 79 => AskAsync(HttpMethod.Post, "/join"),
                < 86 => AskAsync(HttpMethod.Post, "/leave"),
                < 89 => follower.SayAsync(new MoveMark(ARoom, chance.Next(20), 0)),
                < 91 => follower.Guest.PatchAsync<Person>("/api/v1/me", new ProfileBody($"name {i}")),
                < 97 => DropAsync(),
                _ => Task.CompletedTask,
            });
            if (Tries.Count(static it => !it.Answer.IsCompleted) > MostUnanswered) await Task.WhenAll(Tries.Select(static it => it.Answer));
        }
        await Task.WhenAll(Tries.Select(static it => it.Answer));
        follower.MustBeSound();
    }

    /// <summary>Says the same again over HTTP, which answers always.</summary>
    public async Task<ServerFrame> SayAgainAsync(Post post)
    {
        var again = OverHttpAnswerAsync(post);
        Tries.Add(new Try(post, null, again!));
        return await again;
    }

    Post New() => new(ARoom, $"p{_posts++}", $"{follower.Guest.Username} says {_posts}");

    async Task PostAsync(Post post) => Tries.Add(new Try(post, follower.Sockets, await follower.PostAsync(post)));

    Task OverHttpAsync(Post post) => SayAgainAsync(post);

    async Task AgainAsync(Func<Post, Post> changed)
    {
        if (Tries.Count == 0) return;
        var earlier = Tries[chance.Next(Tries.Count)];
        // One answer at a time can be told apart by its cid.
        if (Tries.Any(it => it.Post.Cid == earlier.Post.Cid && !it.Answer.IsCompleted)) await OverHttpAsync(changed(earlier.Post));
        else await PostAsync(changed(earlier.Post));
    }

    async Task TwiceAtOnceAsync(Post post)
    {
        var first = PostAsync(post);
        await OverHttpAsync(post);
        await first;
    }

    async Task DropAsync()
    {
        if (IsOwner) return;
        await follower.DropAsync();
        await follower.ConnectAsync();
    }

    // Something that was said and acknowledged gets another form.
    async Task ReviseAsync(HttpMethod method, string what, object? body)
    {
        var said = Tries.Where(static it => it.Answer.IsCompleted).Select(static it => it.Answer.Result).OfType<Ack>().ToList();
        if (said.Count == 0) return;
        var one = said[chance.Next(said.Count)];
        using var response = await follower.Guest.SendAsync(method, $"/api/v1/rooms/{one.RoomId}/messages/{one.Seq}{what}", body);
        Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, $"{method} {what}: {response.StatusCode}");
    }

    // Whether it may be done is the server's business; that it answers is ours.
    async Task AskAsync(HttpMethod method, string what)
    {
        if (IsOwner && method == HttpMethod.Post) return;
        using var response = await follower.Guest.SendAsync(method, $"/api/v1/rooms/{ARoom}{what}");
        Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, $"{method} {what}: {response.StatusCode}");
    }

    async Task<ServerFrame> OverHttpAnswerAsync(Post post)
    {
        using var response = await follower.Guest.SendAsync(
            HttpMethod.Post, $"/api/v1/rooms/{post.RoomId}/messages", new DraftBody(post.Cid, post.Body));
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.ProblemAsync();
            Assert.True(problem.Status < 500, problem.Detail);
            return new Refused("post", post.Cid, post.RoomId, problem.Code, problem.Detail, null, false, null);
        }
        var ack = JsonSerializer.Deserialize(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), ProtocolJson.Wire.Ack)!;
        Assert.Equal(ack.Duplicate ? HttpStatusCode.OK : HttpStatusCode.Created, response.StatusCode);
        return ack;
    }
}
