using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>What somebody may do to the server and to other people: the one place that says so, as <c>Rooms/Standing</c> does for
/// rooms. Every <c>WhyNot</c> is null when they may, otherwise the reason. Asked within the unit of work that does it, with people as
/// they are then.</summary>
internal static class Authority
{
    /// <summary>Settings, people, invitations, rooms that one is not in, the log of all that.</summary>
    public static Refusal? WhyNotAdminister(Person? who) =>
        WhyNotActive(who) ?? (who!.Role is Role.Owner or Role.Admin ? null : Refusal.Forbidden);

    /// <summary>Disabling, banning, ending the sessions of somebody, making a way in for them: whoever stands above them.</summary>
    public static Refusal? WhyNotGovern(Person? who, Person whom) =>
        WhyNotAdminister(who) ?? (who!.Id != whom.Id && (who.Role == Role.Owner || !IsAbove(whom.Role)) ? null : Refusal.Forbidden);

    /// <summary>As <see cref="WhyNotGovern"/>, of somebody whom there may not be, or not any more.</summary>
    public static Refusal? WhyNotReach(Person? who, Person? whom) =>
        WhyNotAdminister(who) ?? (whom is null or { State: PersonState.Deleted } ? Refusal.NotFound : WhyNotGovern(who, whom));

    /// <summary>Giving somebody another role: an owner any; an admin makes members guests and guests members.</summary>
    public static Refusal? WhyNotPromote(Person? who, Person whom, Role role) =>
        WhyNotAdminister(who) ?? (who!.Role == Role.Owner || (!IsAbove(whom.Role) && !IsAbove(role)) ? null : Refusal.Forbidden);

    /// <summary>Giving one's account up: everybody but the last owner.</summary>
    /// <param name="who">Who wants to go.</param>
    /// <param name="owners">Owners who can still come in, under the server row's lock.</param>
    public static Refusal? WhyNotGo(Person? who, long owners) =>
        WhyNotActive(who) ?? (who!.Role == Role.Owner && owners <= 1 ? Refusal.LastOwner : null);

    /// <summary>Making rooms and bringing people into them; guests only talk where they were invited to.</summary>
    public static Refusal? WhyNotMakeRooms(Person? who) =>
        WhyNotActive(who) ?? (who!.Role == Role.Guest ? Refusal.Forbidden : null);

    /// <summary>Finding rooms that one was not invited to: everybody but guests.</summary>
    public static Refusal? WhyNotFindRooms(Person? who) => WhyNotMakeRooms(who);

    /// <summary>Whether somebody is still somebody.</summary>
    public static Refusal? WhyNotActive(Person? who) => who?.State switch
    {
        null when who is not null => null,
        PersonState.Disabled => Refusal.Disabled,
        PersonState.Banned => Refusal.Banned,
        _ => Refusal.NoSession,
    };

    static bool IsAbove(Role role) => role is Role.Owner or Role.Admin;
}
