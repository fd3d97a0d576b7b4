using Olha.Server.Accounts;

namespace Olha.Server.Tests.Accounts;

public sealed class PaletteTests
{
    [Fact]
    public void There_are_at_least_32_and_no_two_are_alike() =>
        Assert.InRange(Palette.Colors.Distinct().Count(), 32, Palette.Colors.Count);

    [Theory]
    [InlineData(0xFFFFFF)]
    [InlineData(0x1A1A1E)]
    [InlineData(0x000000)]
    public void Each_can_be_told_from_light_and_from_dark(int ground) =>
        Assert.All(Palette.Colors, color => Assert.True(Contrast(color, ground) >= 3, $"{Palette.Css(color)}: {Contrast(color, ground):0.00}"));

    [Fact]
    public void The_least_used_one_is_given_and_the_first_of_equals()
    {
        var used = Palette.Colors.Select((color, i) => new ColorUse(color, i is 3 or 7 ? 1 : 2));

        Assert.Equal(Palette.Colors[3], Palette.LeastUsed(used));
        Assert.Equal(Palette.Colors[0], Palette.LeastUsed([]));
        Assert.Equal(Palette.Colors[1], Palette.LeastUsed([new ColorUse(Palette.Colors[0], 1), new ColorUse(0x123456, 1)]));
    }

    [Fact]
    public void It_is_written_as_css_has_it() => Assert.Equal("#0a00ff", Palette.Css(0x0A00FF));

    // WCAG 2.2, relative luminance and contrast ratio.
    static double Contrast(int one, int other)
    {
        var (light, dark) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        return (light + 0.05) / (dark + 0.05);
    }

    static double Luminance(int color) =>
        0.2126 * Linear(color >> 16) + 0.7152 * Linear(color >> 8 & 0xFF) + 0.0722 * Linear(color & 0xFF);

    static double Linear(int channel) => channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
}
