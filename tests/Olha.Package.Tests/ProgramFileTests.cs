using System.Text;
using System.Text.RegularExpressions;

namespace Olha.Package.Tests;

/// <summary>The published file: what it asks of a system, and what it tells about where it was made.</summary>
public sealed partial class ProgramFileTests
{
    const int LargestMegabytes = 44;

    [Fact]
    public async Task It_needs_no_newer_glibc_than_2_34()
    {
        var versions = GlibcVersion().Matches(await Shell.RunAsync("readelf", "--version-info", "--wide", Shipped.Program))
            .Select(match => Version.Parse(match.Groups[1].Value)).ToList();

        Assert.NotEmpty(versions);
        Assert.Equal(new Version(2, 34), versions.Max());
    }

    [Fact]
    public async Task It_needs_no_other_library()
    {
        var needed = Needed().Matches(await Shell.RunAsync("readelf", "--dynamic", "--wide", Shipped.Program))
            .Select(match => match.Groups[1].Value).Where(library => !library.StartsWith("ld-linux", StringComparison.Ordinal));

        Assert.Equal(["libc.so.6", "libm.so.6"], needed.Order());
    }

    [Fact]
    public void It_is_small_enough_to_be_sent_around() => Assert.InRange(new FileInfo(Shipped.Program).Length, 1, LargestMegabytes << 20);

    [Fact]
    public void It_does_not_tell_in_which_folder_it_was_made()
    {
        var bytes = File.ReadAllBytes(Shipped.Program).AsSpan();

        Assert.Equal(-1, bytes.IndexOf(Encoding.UTF8.GetBytes(Shipped.Root + "/")));
        Assert.Equal(-1, bytes.IndexOf(Encoding.Unicode.GetBytes(Shipped.Root + "/")));
    }

    [GeneratedRegex(@"GLIBC_(\d+\.\d+)")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex(@"\(NEEDED\)\s+Shared library: \[(.+)\]")]
    private static partial Regex Needed();
}
