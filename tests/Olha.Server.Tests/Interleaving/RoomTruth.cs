using Olha.Protocol;

namespace Olha.Server.Tests.Interleaving;

/// <summary>What happened in a room: its history as it is read at the end, and every change as one heard it who was always there.</summary>
internal sealed class RoomTruth
{
    readonly HashSet<long> _membersBefore;
    readonly Dictionary<long, Change> _byRev;

    public required long RoomId { get; init; }

    /// <summary>Everything, from the first on.</summary>
    public required IReadOnlyList<Message> History { get; init; }

    /// <param name="before">The revision from which on the witness listened.</param>
    /// <param name="members">Who was in the room then.</param>
    /// <param name="heard">What the witness heard since.</param>
    public RoomTruth(long before, IEnumerable<long> members, IEnumerable<Change> heard)
    {
        (Before, _membersBefore) = (before, [.. members]);
        _byRev = heard.ToDictionary(it => it.Rev); // throws when one came twice
        Head = before + _byRev.Count;
        Assert.Equal(Enumerable.Range(1, _byRev.Count).Select(i => before + i), _byRev.Keys.Order());
    }

    public long Before { get; }
    public long Head { get; }

    public Change At(long rev) => _byRev[rev];

    /// <summary>At which revision a message was said; null: before anybody listened.</summary>
    public long? SaidAt(long seq) =>
        _byRev.Values.OfType<MessageChange>().Where(it => it.Message.Seq == seq).Select(it => it.Rev).DefaultIfEmpty().Min() is > 0 and var rev ? rev : null;

    public bool WasIn(long userId, long rev) => _byRev.Values.OfType<MemberChange>()
        .Where(it => it.Member.UserId == userId && it.Rev <= rev).MaxBy(it => it.Rev)?.Member.Joined ?? _membersBefore.Contains(userId);

    /// <summary>The whole history, page by page.</summary>
    public static async Task<IReadOnlyList<Message>> ReadHistoryAsync(Guest member, long roomId)
    {
        var all = new List<Message>();
        MessagePage page;
        do
        {
            var before = all.Count == 0 ? "" : $"&before={all[0].Seq}";
            page = await member.GetAsync<MessagePage>($"/api/v1/rooms/{roomId}/messages?limit=200{before}");
            all.InsertRange(0, page.Messages);
        }
        while (page.HasBefore);
        return all;
    }
}
