using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Somebody puts what they said into other words; the former ones are kept beside.</summary>
internal sealed class EditMessage(
    MessageRevision revision, EditStore edits, MentionStore mentions, CurrentSettings settings, TimeProvider clock)
{
    public ValueTask<Outcome<Message>> RunAsync(Caller caller, long roomId, long seq, EditBody body, CancellationToken ct)
    {
        if (!Draft.TextFrom(body.Body, settings.Now.MessageLength).TryGet(out var text, out var refusal)) return new(refusal);
        return revision.RunAsync(caller, roomId, seq, static (standing, message) => standing.WhyNotEdit(message), async (tx, message) =>
        {
            if (message.Body == text) return default;

            await edits.AddAsync(tx, message);
            var edited = message with
            {
                Body = text,
                EditedAt = clock.GetStoredNow(),
                Mentions = await mentions.NamedInAsync(tx, text),
            };
            await mentions.ForgetAsync(tx, roomId, seq);
            await mentions.AddAsync(tx, edited);
            return edited;
        }, ct);
    }
}
