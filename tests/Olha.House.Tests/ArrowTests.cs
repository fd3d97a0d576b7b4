using Olha.House.Tests.Planted.Low;

namespace Olha.House.Tests;

/// <summary>The arrows of docs/house.md hold in the compiled code.</summary>
public sealed class ArrowTests
{
    static readonly string s_page = Repository.Read("docs/house.md");

    [Theory]
    [InlineData("Protocol", typeof(Protocol.ProtocolJson))]
    [InlineData("Fanout", typeof(Fanout.Hub))]
    [InlineData("Storage", typeof(Storage.Database))]
    [InlineData("Sockets", typeof(Sockets.SocketTransport))]
    [InlineData("Server", typeof(Server.ChatHost))]
    public void A_project_uses_only_those_that_its_arrows_point_to(string project, Type inside)
    {
        var blueprint = Blueprint.Read(s_page, "Olha");

        Assert.Empty(WrongReferences(new(inside.Assembly), project, blueprint));
    }

    [Fact]
    public void A_folder_of_the_server_uses_only_those_that_its_arrows_point_to()
    {
        var blueprint = Blueprint.Read(s_page, "Olha.Server");

        Assert.Empty(WrongUses(new(typeof(Server.ChatHost).Assembly), "Olha.Server", blueprint));
    }

    [Fact]
    public void Every_folder_of_the_server_stands_in_the_house()
    {
        var blueprint = Blueprint.Read(s_page, "Olha.Server");
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src/Olha.Server")).Select(folder => Path.GetFileName(folder)!);

        Assert.Equal(blueprint.Parts.Order(), folders.Except(["bin", "obj", "Schema"]).Order());
    }

    [Fact]
    public void A_use_against_the_arrows_is_found_wherever_it_is_hidden()
    {
        var blueprint = Blueprint.Read("```arrows Olha.House.Tests.Planted\nLow  ->\nHigh -> Low\n```", "Olha.House.Tests.Planted");

        var found = WrongUses(new(typeof(Body).Assembly), "Olha.House.Tests.Planted", blueprint);

        Type[] planted = [typeof(Body), typeof(Closure), typeof(LaterBody), typeof(Signature), typeof(Argument), typeof(Tagged)];
        Assert.Equal(
            planted.Select(type => $"{type.FullName} uses Olha.House.Tests.Planted.High.Thing").Order(),
            found.Where(use => !use.Contains("HighAttribute", StringComparison.Ordinal)).Order());
        Assert.Contains($"{typeof(Tagged).FullName} uses Olha.House.Tests.Planted.High.HighAttribute", found);
    }

    [Fact]
    public void A_project_that_uses_another_without_an_arrow_is_found()
    {
        var blueprint = Blueprint.Read("```arrows Olha\nHouse.Tests ->\nServer ->\n```", "Olha");

        Assert.Contains("Olha.House.Tests uses Olha.Protocol", WrongReferences(new(typeof(ArrowTests).Assembly), "House.Tests", blueprint));
    }

    static IEnumerable<string> WrongReferences(CompiledCode code, string project, Blueprint blueprint) =>
        from reference in code.References
        let name = reference == "olha" ? "Olha.Server" : reference
        where name.StartsWith("Olha.", StringComparison.Ordinal) && !blueprint.Allows(project, name["Olha.".Length..])
        select $"Olha.{project} uses {name}";

    static IReadOnlyList<string> WrongUses(CompiledCode code, string root, Blueprint blueprint) =>
    [
        .. from use in code.Uses()
           let user = Folder(use.FromSpace, root)
           let used = Folder(use.ToSpace, root)
           where user is not null && used is not null && !blueprint.Allows(user, used)
           select $"{use.FromType} uses {use.ToType}",
    ];

    // Null for what lies outside, and for the root itself, which puts the parts together.
    static string? Folder(string space, string root) =>
        space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : null;
}
