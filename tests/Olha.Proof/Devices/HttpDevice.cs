using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A device that only asks: one request after the other.</summary>
internal sealed class HttpDevice : Device, IKnowledge
{
    const int MostKnown = 60;
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(40);

    readonly Dictionary<long, SortedDictionary<long, Message>> _known = [];
    readonly Dictionary<long, long> _marks = [];
    readonly HttpActs _acts;
    Wanted? _wanted;

    public HttpDevice(int number, DevicePlan plan, Stage stage) : base(number, plan, stage) => _acts = new HttpActs(this, Api, stage, this);

    public override async Task DoAsync(Step step, CancellationToken ct)
    {
        switch (step.Act)
        {
            case Act.Post or Act.PostOnce or Act.Repeat or Act.Contradict:
                if (Wanted.Of(step, this, Stage, Chosen, Parent) is { } wanted) await PostAsync(wanted, ct);
                break;
            case Act.Cut or Act.Forget:
                // Strikes whatever it asks next.
                _ = CutAsync(step);
                if (step.Act == Act.Forget) _known.Clear();
                break;
            case Act.Read:
                await LookAsync(Stage.Rooms[step.Room], ct);
                await _acts.DoAsync(step, ct);
                break;
            default:
                await _acts.DoAsync(step, ct);
                break;
        }
    }

    public override string? Waits() => _wanted is { } wanted ? $"for the answer to {wanted.Said.Cid}" : null;

    public IReadOnlyList<Message> Texts(long roomId) => _known.TryGetValue(roomId, out var all)
        ? [.. all.Values.Reverse().Where(static it => it is { Kind: MessageKind.Text, DeletedAt: null })]
        : [];

    public long? Mark(long roomId) => _marks.TryGetValue(roomId, out var mark) ? mark : null;

    public void Learn(long roomId, Message message)
    {
        if (!_known.TryGetValue(roomId, out var all)) _known[roomId] = all = [];
        all[message.Seq] = message;
        while (all.Count > MostKnown) all.Remove(all.Keys.First());
    }

    public void Learn(long roomId, MessagePage page)
    {
        foreach (var message in page.Messages) Learn(roomId, message);
        _marks[roomId] = page.Read.Mark;
    }

    public void Learn(Place place) => _marks[place.RoomId] = place.Mark;

    async Task LookAsync(long roomId, CancellationToken ct)
    {
        var began = History.Now;
        var reply = await Api.GetAsync($"rooms/{roomId}", ProtocolJson.Wire.Place, ct);
        if (reply.Value is not { } place) return;
        History.Add(new Fetched(History.Now, Number, began, roomId, place));
        Learn(place);
    }

    async Task PostAsync(Wanted wanted, CancellationToken ct)
    {
        _wanted = wanted;
        var body = JsonSerializer.Serialize(
            new DraftBody(wanted.Said.Cid, wanted.Said.Body, wanted.Said.ReplyToSeq), ProtocolJson.Wire.DraftBody);
        while (true)
        {
            History.Add(wanted.Asked(History.Now, Number, 0));
            var reply = await Api.AskAsync(HttpMethod.Post, $"rooms/{wanted.Said.RoomId}/messages", body, ProtocolJson.Wire.Ack, ct);
            if (!wanted.Again || !(reply.Lost || reply.Refusal is { Retry: true }))
            {
                Settle(wanted, reply);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(reply.Refusal?.RetryAfterMs ?? s_pause.TotalMilliseconds), ct);
        }
    }

    void Settle(Wanted wanted, Reply<Ack> reply)
    {
        Ended(wanted.Op, reply);
        _wanted = null;
        if (reply.Value is not { } ack || wanted.Step.Act is not (Act.Post or Act.PostOnce)) return;
        Stage.Acknowledged[Plan.Person].Add(wanted.Said);
        var reference = wanted.Said.ReplyToSeq is { } seq ? new ReplyTo(seq, 0) : null;
        Learn(ack.RoomId, new Message(
            ack.Id, ack.RoomId, ack.Seq, 0, Me.Id, ack.Cid, MessageKind.Text, wanted.Said.Body, null, ack.CreatedAt, null, null, reference));
    }

    long? Parent(long roomId, int back) => Texts(roomId) is var texts && back < texts.Count ? texts[back].Seq : null;
}
