using Olha.Protocol;
using Olha.Server.Accounts;

namespace Olha.Server.Messages;

/// <summary>Somebody puts an emoji under a message, or takes theirs away.</summary>
internal sealed class ReactToMessage(MessageRevision revision)
{
    /// <summary>Different emoji under one message.</summary>
    public const int MostEmoji = 20;

    public ValueTask<Outcome<Message>> RunAsync(Caller caller, long roomId, long seq, string emoji, bool present, CancellationToken ct)
    {
        if (!Emoji.IsOne(emoji)) return new(Refusal.InvalidEmoji);
        return revision.RunAsync(caller, roomId, seq, static (standing, message) => standing.WhyNotReact(message), (_, message) =>
        {
            var before = message.Reactions ?? [];
            var one = before.FirstOrDefault(it => it.Emoji == emoji);
            if ((one?.UserIds.Contains(caller.UserId) ?? false) == present) return default;
            if (one is null && before.Count >= MostEmoji) return new(Refusal.TooManyReactions.With("limit", MostEmoji));

            IReadOnlyList<Reaction> after = (one, present) switch
            {
                (null, _) => [.. before, new Reaction(emoji, [caller.UserId])],
                (_, true) => [.. before.Select(it => it == one ? it with { UserIds = [.. it.UserIds, caller.UserId] } : it)],
                _ => [.. before.Select(it => it == one ? it with { UserIds = [.. it.UserIds.Where(id => id != caller.UserId)] } : it)
                    .Where(it => it.UserIds.Count > 0)],
            };
            return new(message with { Reactions = after.Count == 0 ? null : after });
        }, ct);
    }
}
