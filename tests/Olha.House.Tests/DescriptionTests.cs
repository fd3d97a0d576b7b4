using System.Reflection;
using System.Text.Json.Nodes;
using Olha.Generate;
using Olha.Protocol;

namespace Olha.House.Tests;

/// <summary>What programs outside rely on: the interface's description and the codes of refusals.</summary>
public sealed class DescriptionTests
{
    const string Before = """
        { "paths": {
            "/a": { "get": {
              "parameters": [{ "in": "query", "name": "after", "schema": { "type": "integer" } }],
              "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } } } },
            "/b": { "post": {
              "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } },
              "responses": { "201": {}, "204": {} } } } },
          "components": { "schemas": {
            "Thing": { "type": "object", "required": ["id", "kind"], "properties": {
              "id": { "type": "integer", "format": "int64" }, "kind": { "$ref": "#/components/schemas/Kind" }, "note": { "type": "string" },
              "inside": { "$ref": "#/components/schemas/Thing" }, "list": { "type": "array", "items": { "type": "string" } },
              "form": { "oneOf": [{ "$ref": "#/components/schemas/One" }, { "$ref": "#/components/schemas/Two" }] } } },
            "Kind": { "enum": ["red", "blue"] },
            "One": { "type": "object", "properties": { "x": { "type": "string" } } },
            "Two": { "type": "object" },
            "Body": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "color": { "$ref": "#/components/schemas/Kind" } } } } } }
        """;

    public static TheoryData<string, string, string> Breaks => new()
    {
        { "paths", "-/a", "/a is gone" },
        { "paths./a", "-get", "GET /a is gone" },
        { "paths./a.get", "security=[{}]", "GET /a asks for a session now" },
        { "paths./a.get", "-parameters", "GET /a knows no query parameter after any more" },
        { "paths./a.get.parameters.0.schema", "type=\"string\"", "GET /a: query parameter after is \"string\" instead of \"integer\"" },
        { "paths./a.get.parameters.0", "required=true", "GET /a asks for the query parameter after now" },
        { "paths./b.post.responses", "-204", "POST /b never answers 204 any more" },
        { "paths./a.get.responses.200.content", "-application/json", "GET /a: 200 is no application/json any more" },
        { "components.schemas.Thing.properties", "-note", "Thing.note is gone" },
        { "components.schemas.Thing.properties.note", "type=\"integer\"", "Thing.note is \"integer\" instead of \"string\"" },
        { "components.schemas.Thing.properties.id", "format=\"int32\"", "Thing.id is \"integer\" (int32) instead of \"integer\" (int64)" },
        { "components.schemas.Thing.properties.list.items", "type=\"integer\"", "Thing.list[] is \"integer\" instead of \"string\"" },
        { "components.schemas.Thing", "required=[\"id\"]", "Thing.kind may be absent now" },
        { "components.schemas.Kind", "enum=[\"red\"]", "Kind knows no blue any more" },
        { "components.schemas.One.properties", "-x", "One.x is gone" },
        { "components.schemas.Thing.properties.form.oneOf", "-1", "Thing.form has no form Two any more" },
        { "components.schemas.Body", "required=[\"name\",\"color\"]", "Body.color is asked for now" },
        { "components.schemas.Body.properties", "-color", "Body.color is gone" },
    };

    [Theory, MemberData(nameof(Breaks))]
    public void A_change_that_breaks_clients_is_found(string where, string change, string said) =>
        Assert.Contains(said, BreakingChanges.Between(Before, Changed(where, change)));

    [Theory]
    [InlineData("paths", "/new={\"get\":{}}")]
    [InlineData("paths./a.get", "summary=\"Other words\"")]
    [InlineData("paths./b.post.responses", "400={}")]
    [InlineData("components.schemas.Thing.properties", "more={\"type\":\"string\"}")]
    [InlineData("components.schemas.Thing", "required=[\"id\",\"kind\",\"note\"]")]
    [InlineData("components.schemas.Kind", "enum=[\"red\",\"blue\",\"green\"]")]
    [InlineData("components.schemas.Body", "required=[]")]
    [InlineData("components.schemas.Body.properties", "more={\"type\":\"string\"}")]
    public void A_change_that_breaks_nobody_is_none(string where, string change) =>
        Assert.Empty(BreakingChanges.Between(Before, Changed(where, change)));

    [Fact]
    public void The_document_breaks_nothing_of_itself() =>
        Assert.Empty(BreakingChanges.Between(Repository.Read("docs/openapi.json"), Repository.Read("docs/openapi.json")));

    public static TheoryData<string> Codes => [.. AllRefusals.Select(it => it.Code)];

    static IEnumerable<Refusal> AllRefusals =>
        typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Where(it => it.FieldType == typeof(Refusal)).Select(it => (Refusal)it.GetValue(null)!);

    [Theory, MemberData(nameof(Codes))]
    public void Every_code_of_a_refusal_stands_in_the_protocols_documentation(string code)
    {
        var refusal = AllRefusals.Single(it => it.Code == code);

        Assert.Contains($"| `{code}` | {refusal.Status} | {refusal.Detail} |", Repository.Read("docs/protocol.md"));
    }

    [Fact]
    public void The_documentation_lists_no_code_that_nothing_answers()
    {
        var table = Repository.Read("docs/protocol.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

        Assert.Empty(table.Where(word => word.Contains('_')).Except(AllRefusals.Select(it => it.Code)));
    }

    // "-name" takes a field away, "name=json" sets it.
    static string Changed(string where, string change)
    {
        var document = JsonNode.Parse(Before)!;
        var node = where.Split('.').Aggregate(document, (at, step) => at is JsonArray list ? list[int.Parse(step)]! : at[step]!);
        if (change[0] != '-') node[change.Split('=', 2)[0]] = JsonNode.Parse(change.Split('=', 2)[1]);
        else if (node is JsonArray list) list.RemoveAt(int.Parse(change[1..]));
        else Assert.True(node.AsObject().Remove(change[1..]));
        return document.ToJsonString();
    }
}
