using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A message is put where everybody in the room finds it, or is taken down again.</summary>
internal sealed class PinMessage(MessageRevision revision, MessageStore messages, TimeProvider clock)
{
    /// <summary>Pinned messages a room.</summary>
    public const int Most = 100;

    public ValueTask<Outcome<Message>> RunAsync(Caller caller, long roomId, long seq, bool pinned, CancellationToken ct) =>
        revision.RunAsync(caller, roomId, seq, static (standing, message) => standing.WhyNotReact(message), async (tx, message) =>
        {
            if (message.PinnedAt is not null == pinned) return default;
            if (pinned && await messages.CountPinnedAsync(tx, roomId) >= Most) return Refusal.TooManyPins.With("limit", Most);

            return message with { PinnedAt = pinned ? clock.GetStoredNow() : null, PinnedBy = pinned ? caller.UserId : null };
        }, ct);
}
