using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Olha.Generate;

/// <summary>The summaries that the compiler wrote beside an assembly, as plain text with <c>`code`</c>.</summary>
internal sealed partial class XmlDocs(Assembly assembly)
{
    readonly Dictionary<string, XElement> _summaries = XDocument
        .Load(System.IO.Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    public string? Of(Type type) => Text($"T:{type.FullName}");

    public string? Of(MemberInfo member) =>
        Text($"{(member is PropertyInfo ? 'P' : 'F')}:{member.DeclaringType!.FullName}.{member.Name}");

    string? Text(string name) =>
        _summaries.TryGetValue(name, out var summary) ? Blank().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim() : null;

    static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{Named(see.Attribute("cref")!.Value)}`",
        XElement code => $"`{code.Value}`",
        _ => "",
    };

    // P:Olha.Protocol.Message.Seq is `seq` on the wire; T:Olha.Protocol.Refusal keeps its name.
    static string Named(string cref)
    {
        var name = cref[(cref.LastIndexOf('.') + 1)..];
        return cref[0] == 'T' ? name : char.ToLowerInvariant(name[0]) + name[1..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
