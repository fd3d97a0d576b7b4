using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Olha.Proof;

/// <summary>Writes JSON again as nobody would: other values, keys twice or not at all, other spellings of the same, and now and then
/// something that is no JSON any more.</summary>
internal sealed class JsonNoise
{
    static readonly string[] s_values =
    [
        "null", "true", "false", "[]", "{}", "\"\"", "0", "-0", "-0.0", "-1", "1", "2", "1.0", "1.5", "10e-1", "1e0", "1E+2", "1e400", "-1e400", "1e-400",
        "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "123456789012345678901234567890", "0.1234567890123456789012345678901234567890", "\"1\"", "\"null\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\\ud83d\"",
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\u202e\\u2066\"", "\"\\u200b\\u200d\\ufeff\"", "\"\\ud83d\\ude00\"", "\"@room @fuzz0 `@room` ```\\n@room\"", "\" \\t\\n\\r \"",
        "\"\\u2028\\u0085\"", "[null]", "[[]]", "[1,2,3]", "[\"a\",{}]", "{\"type\":\"post\"}", "{\"1\":1}", "{\"1\":1,\"1\":2}", "{\"\":0}", "{\"x\":null}", "{\"$ref\":\"1\"}",
        "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2026-02-30T00:00:00Z\"",
    ];

    static readonly string[] s_noValues = ["NaN", "Infinity", "undefined", "01", "+1", ".5", "1.", "0x10", "'a'", "tru", "\"\\x\"", "\"\\u12\"", "\"open", "1_0", "{1:2}", "[1,]", "{,}", "/* */1", "\u0000", ""];

    static readonly string[] s_keys = ["type", "Type", "TYPE", "$type", "$id", "$ref", "$values", "__proto__", "constructor", "", "roomId", "cid", "body", "\\u0074ype", "\\ud800", "\\u0000", "a.b", "rooms"];

    readonly Dice _dice;
    readonly StringBuilder _text = new();
    readonly double _rate;
    readonly double _unsound;

    JsonNoise(Dice dice)
    {
        _dice = dice;
        _rate = dice.One([0.03, 0.1, 0.1, 0.3]);
        _unsound = dice.Chance(0.12) ? 0.3 : 0;
    }

    /// <summary>Another form of a JSON document; mostly one that still is JSON.</summary>
    public static byte[] Mutate(Dice dice, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var noise = new JsonNoise(dice);
        noise.Document(document.RootElement);
        return Encoding.UTF8.GetBytes(noise._text.ToString());
    }

    /// <summary>The same of bytes that may be no JSON, and then null.</summary>
    public static byte[]? TryMutate(Dice dice, byte[] bytes)
    {
        if (!Utf8.IsValid(bytes)) return null;
        try
        {
            return Mutate(dice, bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A value alone, as text.</summary>
    public static string Value(Dice dice)
    {
        var noise = new JsonNoise(dice);
        noise.Hostile();
        return noise._text.ToString();
    }

    void Document(JsonElement root)
    {
        var around = _dice.Below(60);
        if (around == 0) _text.Append('[');
        if (around == 1) _text.Append('\uFEFF');
        if (around == 2) Flood();
        if (around == 3) Hostile();
        else Write(root);
        if (around == 0) _text.Append(']');
        if (around == 4) _text.Append(_dice.One(["{}", " 1", "\u0000", "]", ",", "//x"]));
        if (around == 5) Flood();
    }

    void Write(JsonElement value)
    {
        if (_dice.Chance(_rate)) Hostile();
        else if (value.ValueKind == JsonValueKind.Object) Object(value);
        else if (value.ValueKind == JsonValueKind.Array) Array(value);
        else if (value.ValueKind == JsonValueKind.String && _dice.Chance(0.1) && !value.GetRawText().Contains('\\')) Escaped(value.GetString()!);
        else if (value.ValueKind == JsonValueKind.Number && _dice.Chance(0.05)) _text.Append(value.GetRawText()).Append(_dice.One([".0", "e0", "E-0", "0", ".5"]));
        else _text.Append(value.GetRawText());
    }

    void Object(JsonElement value)
    {
        var properties = value.EnumerateObject().ToList();
        // The type need not come first.
        if (_dice.Chance(0.3)) properties = [.. properties.OrderBy(_ => _dice.Below(1000))];
        _text.Append('{');
        var first = true;
        foreach (var property in properties)
        {
            var times = _dice.Chance(_rate) ? _dice.Below(3) : 1;
            for (var i = 0; i < times; i++, first = false)
            {
                if (!first) _text.Append(',');
                // As it was written: half a surrogate pair is no name.
                Key(_dice.Chance(_rate / 2) ? null : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property)));
                if (_dice.Chance(0.02)) Flood();
                Write(property.Value);
            }
            if (!_dice.Chance(_rate / 2)) continue;
            if (!first) _text.Append(',');
            Key(null);
            Hostile();
            first = false;
        }
        _text.Append('}');
    }

    void Array(JsonElement value)
    {
        _text.Append('[');
        var elements = value.EnumerateArray().ToList();
        if (_dice.Chance(_rate) && elements.Count > 0) elements = [.. Enumerable.Repeat(elements[0], _dice.Size(600))];
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0) _text.Append(',');
            Write(elements[i]);
        }
        _text.Append(']');
    }

    void Key(string? name)
    {
        name ??= _dice.Chance(0.1) ? new string('k', _dice.Size(60_000)) : _dice.One(s_keys);
        _text.Append('"').Append(name).Append("\":");
    }

    void Hostile()
    {
        if (_dice.Chance(_unsound)) _text.Append(_dice.One(s_noValues));
        else if (!_dice.Chance(0.1)) _text.Append(_dice.One(s_values));
        else if (_dice.Chance(0.3))
        {
            // 16 is what is read, 64 what is looked at; more is no JSON here.
            var depth = _dice.One([2, 8, 15, 16, 17, 30, 62, 65, 300, 5000]);
            var (open, close) = _dice.Chance(0.5) ? ("[", "]") : ("{\"a\":", "}");
            _text.Insert(_text.Length, open, depth).Append('0').Insert(_text.Length, close, depth);
        }
        else
        {
            var piece = _dice.One(["x", "ç", "\\u00e7", "\\n", "`", "@a ", "👋", "\u0301", "\\\"", "  ", "# ", "\\u2066"]);
            _text.Append('"').Insert(_text.Length, piece, 1 + _dice.Size(_dice.Chance(0.02) ? 60_000 : 5000) / piece.Length).Append('"');
        }
    }

    void Escaped(string text)
    {
        _text.Append('"');
        foreach (var unit in text)
            if (_dice.Chance(0.5) || unit is '"' or '\\' or < ' ') _text.Append($"\\u{(int)unit:x4}");
            else _text.Append(unit);
        _text.Append('"');
    }

    void Flood() => _text.Append(_dice.One([' ', '\n', '\t', '\r']), 1 + _dice.Size(_dice.Chance(0.05) ? 60_000 : 2000));
}
