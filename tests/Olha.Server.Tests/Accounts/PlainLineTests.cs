using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("Ana", "Ana")]
    [InlineData("  Ana Maria \t", "Ana Maria")]
    [InlineData("ana😀", "ana😀")]
    [InlineData("👩‍👧", "👩‍👧")] // joined by a zero-width joiner
    [InlineData("नमस्ते", "नमस्ते")]
    [InlineData("12345678", "12345678")]
    [InlineData("😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀")] // 8 characters, 16 UTF-16 units
    public void A_line_that_can_be_shown_is_read_without_its_ends(string text, string expected)
    {
        Assert.True(PlainLine.TryRead(text, 8, out var line) || text.Trim().Length > 8 && PlainLine.TryRead(text, 9, out line));
        Assert.Equal(expected, line);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("123456789")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001Bb")]
    [InlineData("a\u2028b")]
    [InlineData("a\u202Eb")] // turns the rest around
    [InlineData("a\u2066b")]
    [InlineData("\u200B\u200D")] // nothing to see
    [InlineData("\u2800\u3164")]
    [InlineData("\u0301")]
    [InlineData("a\uD800")] // half a character
    public void What_cannot_be_shown_on_one_line_is_refused(string? text) => Assert.False(PlainLine.TryRead(text, 8, out _));
}
