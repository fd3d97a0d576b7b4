using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Olha.Server.Commands;

/// <summary>For a program: lines of the types <c>progress</c>, <c>note</c> and, as the last one, <c>result</c>.</summary>
internal sealed class JsonOutput(string command) : Output(TimeSpan.FromMilliseconds(200))
{
    static readonly JsonWriterOptions s_form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Say(string text) { }

    public override void Note(string code, string text) =>
        Write(new() { ["type"] = "note", ["command"] = command, ["code"] = code, ["text"] = text });

    public override int End(Ending ending)
    {
        var result = new JsonObject
        {
            ["type"] = "result", ["command"] = command, ["ok"] = ending.Exit == 0, ["code"] = ending.Code, ["text"] = ending.Text,
        };
        foreach (var (name, value) in ending.Facts ?? []) result[name] = value?.DeepClone();
        Write(result);
        return ending.Exit;
    }

    public override int Refuse(IReadOnlyList<string> problems) => End(new Ending(
        1, "settings", string.Join(' ', problems), new() { ["problems"] = new JsonArray([.. problems.Select(static it => JsonValue.Create(it))]) }));

    protected override void Draw(Progress progress, bool isNew) => Write(new()
    {
        ["type"] = "progress", ["command"] = command, ["phase"] = progress.Phase, ["with"] = progress.With,
        ["done"] = progress.Done, ["total"] = progress.Total, ["unit"] = progress.Unit,
    });

    static void Write(JsonObject line)
    {
        var utf8 = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(utf8, s_form)) line.WriteTo(writer);
        Console.WriteLine(Encoding.UTF8.GetString(utf8.WrittenSpan));
    }
}
