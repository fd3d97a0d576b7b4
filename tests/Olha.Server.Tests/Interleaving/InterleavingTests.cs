using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Interleaving;

/// <summary>People who all do this and that at once, come, go, are put out, are cut off and come back: whatever the interleaving, what
/// is promised holds. Which acts there are is the seed's, how they fall together is the machine's.</summary>
public sealed class InterleavingTests(ChatServer server) : IClassFixture<ChatServer>
{
    const int People = 6, Acts = 90;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Any_interleaving_keeps_what_is_promised(int seed)
    {
        var guests = new Guest[People];
        for (var i = 0; i < People; i++) guests[i] = await server.SignUpAsync($"p{i}");
        var owner = guests[0];
        var others = guests[1..];
        var rooms = new List<long>();
        foreach (var kind in (RoomKind[])[RoomKind.Open, RoomKind.Open, RoomKind.Closed])
            rooms.Add((await owner.CreateRoomAsync(kind)).RoomId);
        foreach (var roomId in rooms)
            foreach (var guest in others.Where(it => it.Id % 3 != 0)) await owner.InviteAsync(roomId, guest);
        var before = new Dictionary<long, MemberList>();
        foreach (var roomId in rooms) before[roomId] = await owner.GetAsync<MemberList>($"/api/v1/rooms/{roomId}/members");

        var actors = guests.Select((guest, i) =>
            new Actor(new Follower(guest), new Random(seed * 100 + i), rooms, guest == owner ? others : [])).ToArray();
        foreach (var actor in actors) await actor.Follower.ConnectAsync();
        await Task.WhenAll(actors.Select(actor => Task.Run(() => actor.ActAsync(Acts))));

        await RetryAsync(actors);
        foreach (var roomId in rooms) await actors[0].SayAgainAsync(new Post(roomId, $"end-{roomId}", "That was all."));
        var truths = await TruthsAsync(actors, before);
        foreach (var actor in actors) await actor.Follower.DropAsync();

        foreach (var truth in truths.Values) HistoryHasNoGap(truth);
        foreach (var actor in actors)
        {
            EveryAnswerIsTrue(actor, truths);
            OrderIsKept(actor);
            WhatWasHeardIsTrue(actor.Follower, truths);
        }
    }

    // What nobody knows the outcome of is said again, and something that was answered too.
    static async Task RetryAsync(Actor[] actors)
    {
        foreach (var actor in actors)
            foreach (var one in actor.Tries.Where((it, i) => it.Answer.Result is null || i % 7 == 0).ToList())
                await actor.SayAgainAsync(one.Post);
    }

    // Everybody holds everything of the rooms they are in.
    static async Task<Dictionary<long, RoomTruth>> TruthsAsync(Actor[] actors, Dictionary<long, MemberList> before)
    {
        var owner = actors[0].Follower;
        var heads = (await owner.Guest.GetAsync<Welcome>("/api/v1/state")).Rooms.ToDictionary(it => it.RoomId, it => it.Head);
        foreach (var actor in actors)
        {
            var places = (await actor.Follower.Guest.GetAsync<Welcome>("/api/v1/state")).Rooms;
            var since = DateTime.UtcNow;
            foreach (var place in places.Where(it => before.ContainsKey(it.RoomId)))
                while (actor.Follower.CompleteIn(place.RoomId) != heads[place.RoomId])
                {
                    actor.Follower.MustBeSound();
                    Assert.True(
                        DateTime.UtcNow - since < TimeSpan.FromSeconds(10),
                        $"Holds {actor.Follower.CompleteIn(place.RoomId)} of {heads[place.RoomId]} in room {place.RoomId}.");
                    await Task.Delay(1, TestContext.Current.CancellationToken);
                }
        }

        var truths = new Dictionary<long, RoomTruth>();
        foreach (var (roomId, members) in before)
        {
            var heard = owner.Heard.ToArray().Where(it => it.RoomId == roomId).Select(it => it.Change);
            truths[roomId] = new(members.Complete, members.Members.Where(it => it.Joined).Select(it => it.UserId), heard)
            {
                RoomId = roomId, History = await RoomTruth.ReadHistoryAsync(owner.Guest, roomId),
            };
            Assert.Equal(heads[roomId], truths[roomId].Head);
        }
        return truths;
    }

    static void HistoryHasNoGap(RoomTruth truth)
    {
        Assert.Equal(Enumerable.Range(1, truth.History.Count).Select(i => (long)i), truth.History.Select(it => it.Seq));
        Assert.Distinct(truth.History.Where(it => it.Cid is not null).Select(it => (it.AuthorId, it.Cid)));
        foreach (var message in truth.History.Where(it => it.Rev > truth.Before))
        {
            Same(truth.At(message.Rev), new MessageChange(truth.RoomId, message.Rev, message));
            if (message.Kind == MessageKind.Text && truth.SaidAt(message.Seq) is { } said)
                Assert.True(truth.WasIn(message.AuthorId, said), $"{message} by no member.");
        }
    }

    static void EveryAnswerIsTrue(Actor actor, Dictionary<long, RoomTruth> truths)
    {
        var me = actor.Follower.Guest.Id;
        foreach (var tries in actor.Tries.GroupBy(it => it.Post.Cid))
        {
            var stored = truths.Values.SelectMany(it => it.History).Where(it => it.AuthorId == me && it.Cid == tries.Key).ToList();
            Assert.InRange(stored.Count, 0, 1);
            foreach (var one in tries) IsTrue(one, stored.SingleOrDefault());

            var answers = tries.Select(it => it.Answer.Result).ToList();
            var first = answers.OfType<Ack>().Count(it => !it.Duplicate);
            Assert.True(first <= 1, "Stored twice.");
            if (stored.Count == 1 && !answers.Contains(null)) Assert.True(first == 1, "Stored, and nobody was told that it was new.");
        }
    }

    static void IsTrue(Try one, Message? stored)
    {
        switch (one.Answer.Result)
        {
            case Ack ack:
                Assert.NotNull(stored);
                Assert.Equal((stored.RoomId, stored.Id, stored.Seq, stored.CreatedAt), (ack.RoomId, ack.Id, ack.Seq, ack.CreatedAt));
                if (stored is { EditedAt: null, DeletedAt: null }) Assert.Equal(one.Post.Body, stored.Body);
                break;
            case Refused { Code: "conflict" }:
                Assert.NotNull(stored);
                if (stored is { EditedAt: null, DeletedAt: null }) Assert.NotEqual(one.Post.Body, stored.Body);
                break;
            case Refused refused:
                Assert.Contains(refused.Code, (string[])["not_found", "forbidden", "not_member"]);
                break;
        }
    }

    // One socket's posts to one room, as they were sent.
    static void OrderIsKept(Actor actor)
    {
        foreach (var sent in actor.Tries.Where(it => it.Socket is not null).GroupBy(it => (it.Socket, it.Post.RoomId)))
        {
            var seqs = sent.Select(it => it.Answer.Result).OfType<Ack>().Where(it => !it.Duplicate).Select(it => it.Seq).ToList();
            Assert.Equal(seqs.Order(), seqs);
        }
    }

    static void WhatWasHeardIsTrue(Follower follower, Dictionary<long, RoomTruth> truths)
    {
        foreach (var (roomId, rev, change) in follower.Heard.Where(it => truths.ContainsKey(it.RoomId)))
        {
            Assert.True(truths[roomId].WasIn(follower.Guest.Id, rev), $"{follower.Guest.Username} was not there and heard {change}.");
            Same(truths[roomId].At(rev), change);
        }
        foreach (var range in follower.Replayed.Where(it => truths.ContainsKey(it.RoomId)))
        {
            Assert.True(truths[range.RoomId].WasIn(follower.Guest.Id, range.Complete), $"{follower.Guest.Username} was not there.");
            foreach (var change in range.Changes.Where(it => it.Rev > truths[range.RoomId].Before))
                Same(truths[range.RoomId].At(change.Rev), change);
        }
    }

    // As they travel: lists within them are compared too.
    static void Same(Change expected, Change actual) => Assert.Equal(
        JsonSerializer.Serialize(expected, ProtocolJson.Wire.Change), JsonSerializer.Serialize(actual, ProtocolJson.Wire.Change));
}
