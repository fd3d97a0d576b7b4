using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A message becomes a tombstone: its place stays, and nothing of what it said does.</summary>
internal sealed class DeleteMessage(MessageRevision revision, EditStore edits, MentionStore mentions, AuditStore audit, TimeProvider clock)
{
    public ValueTask<Outcome<Message>> RunAsync(Caller caller, long roomId, long seq, CancellationToken ct) =>
        revision.RunAsync(caller, roomId, seq, static (standing, message) => standing.WhyNotDelete(message), async (tx, message) =>
        {
            if (message.DeletedAt is not null) return default;

            await edits.ForgetAsync(tx, roomId, seq);
            await mentions.ForgetAsync(tx, roomId, seq);
            if (message.AuthorId != caller.UserId)
                await audit.AddAsync(tx, caller.UserId, AuditAction.MessageDeleted, message.AuthorId, roomId, new Dictionary<string, string>
                {
                    ["seq"] = seq.ToString(CultureInfo.InvariantCulture),
                });
            return Emptied(message, clock.GetStoredNow());
        }, ct);

    /// <summary>The form that a deleted message has.</summary>
    public static Message Emptied(Message message, DateTimeOffset at) => message with
    {
        Body = null,
        DeletedAt = at,
        ReplyTo = null,
        Mentions = null,
        Reactions = null,
        PinnedAt = null,
        PinnedBy = null,
    };
}
