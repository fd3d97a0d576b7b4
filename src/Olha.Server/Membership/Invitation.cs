using Olha.Protocol;

namespace Olha.Server.Membership;

/// <summary>An invitation, without its secret. What it offers never changes; how often it was used and whether it was revoked does.</summary>
internal sealed record Invitation(
    long Id, long CreatorId, Role Role, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, long? MaxUses, long Uses,
    DateTimeOffset? RevokedAt, IReadOnlyList<long> RoomIds)
{
    /// <summary>Whether it was used as often as it can be.</summary>
    public bool IsSpent => Uses >= MaxUses;

    public InvitationInfo ToInfo(IReadOnlyList<long> peopleIds) =>
        new(Id, CreatorId, Role, RoomIds, CreatedAt, ExpiresAt, MaxUses, Uses, RevokedAt, Note, peopleIds);
}
