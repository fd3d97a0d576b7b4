using Olha.Protocol;
using Olha.Server.Accounts;

namespace Olha.Server.Tests.Admin;

/// <summary>Who may do what to the server and to whom: every role and state, every act.</summary>
public sealed class AuthorityTests
{
    static readonly Role[] s_roles = [Role.Owner, Role.Admin, Role.Member, Role.Guest];

    [Theory]
    //                    administer   make rooms
    [InlineData("owner", "ok           ok")]
    [InlineData("admin", "ok           ok")]
    [InlineData("member", "forbidden   ok")]
    [InlineData("guest", "forbidden    forbidden")]
    [InlineData("nobody", "no_session  no_session")]
    [InlineData("owner, disabled", "disabled disabled")]
    [InlineData("admin, disabled", "disabled disabled")]
    [InlineData("member, disabled", "disabled disabled")]
    [InlineData("owner, banned", "banned banned")]
    [InlineData("guest, banned", "banned banned")]
    [InlineData("owner, deleted", "no_session no_session")]
    public void What_each_may_do_to_the_server(string who, string expected)
    {
        var person = PersonOf(1, who);

        string[] said = [CodeOf(Authority.WhyNotAdminister(person)), CodeOf(Authority.WhyNotMakeRooms(person))];

        Assert.Equal(Words(expected), said);
    }

    [Theory]
    //                    the owner  an admin   a member   a guest
    [InlineData("owner", "ok         ok         ok         ok")]
    [InlineData("admin", "forbidden  forbidden  ok         ok")]
    [InlineData("member", "forbidden forbidden  forbidden  forbidden")]
    [InlineData("guest", "forbidden  forbidden  forbidden  forbidden")]
    [InlineData("nobody", "no_session no_session no_session no_session")]
    [InlineData("owner, disabled", "disabled disabled disabled disabled")]
    [InlineData("admin, banned", "banned banned banned banned")]
    public void Whom_each_may_govern(string who, string expected)
    {
        var person = PersonOf(1, who);

        Assert.Equal(Words(expected), s_roles.Select(role => CodeOf(Authority.WhyNotGovern(person, PersonOf(2, role)))));
        Assert.Equal(Words(expected), s_roles.Select(role => CodeOf(Authority.WhyNotReach(person, PersonOf(2, role)))));
    }

    [Theory]
    [InlineData("owner", "not_found", "forbidden")]
    [InlineData("admin", "not_found", "forbidden")]
    [InlineData("member", "forbidden", "forbidden")]
    public void Nobody_and_oneself_cannot_be_governed(string who, string nobody, string oneself)
    {
        var person = PersonOf(1, who)!;

        Assert.Equal(nobody, CodeOf(Authority.WhyNotReach(person, null)));
        Assert.Equal(nobody, CodeOf(Authority.WhyNotReach(person, PersonOf(2, "member, deleted"))));
        Assert.Equal(oneself, CodeOf(Authority.WhyNotReach(person, person)));
    }

    [Theory]
    //                    to:       owner      admin      member     guest
    [InlineData("owner", "owner", "ok          ok         ok         ok")]
    [InlineData("owner", "admin", "ok          ok         ok         ok")]
    [InlineData("owner", "member", "ok         ok         ok         ok")]
    [InlineData("owner", "guest", "ok          ok         ok         ok")]
    [InlineData("admin", "owner", "forbidden   forbidden  forbidden  forbidden")]
    [InlineData("admin", "admin", "forbidden   forbidden  forbidden  forbidden")]
    [InlineData("admin", "member", "forbidden  forbidden  ok         ok")]
    [InlineData("admin", "guest", "forbidden   forbidden  ok         ok")]
    [InlineData("member", "guest", "forbidden  forbidden  forbidden  forbidden")]
    [InlineData("guest", "guest", "forbidden   forbidden  forbidden  forbidden")]
    [InlineData("owner, banned", "guest", "banned banned banned banned")]
    public void Whom_each_may_make_what(string who, string whom, string expected) => Assert.Equal(
        Words(expected), s_roles.Select(role => CodeOf(Authority.WhyNotPromote(PersonOf(1, who), PersonOf(2, whom)!, role))));

    static Person? PersonOf(long id, string who) => who.Split(", ") switch
    {
        ["nobody"] => null,
        [var role] => PersonOf(id, Roles.Parse(role)),
        [var role, var state] => PersonOf(id, Roles.Parse(role)) with { State = States.Parse(state) },
        _ => throw new ArgumentException(who),
    };

    static Person PersonOf(long id, Role role) => new(id, $"p{id}", $"P{id}", "#000000", role, 1);

    static string CodeOf(Refusal? refusal) => refusal?.Code ?? "ok";

    static string[] Words(string expected) => expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
