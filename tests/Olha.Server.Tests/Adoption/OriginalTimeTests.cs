using System.Globalization;
using Olha.Server.Adoption;

namespace Olha.Server.Tests.Adoption;

public sealed class OriginalTimeTests
{
    [Theory]
    [InlineData("2025-08-28 12:34:56", "2025-08-28T12:34:56.000Z")]
    [InlineData("2025-08-28 12:34", "2025-08-28T12:34:00.000Z")]
    [InlineData("2025-08-28", "2025-08-28T00:00:00.000Z")]
    [InlineData("2025-08-28T12:34:56Z", "2025-08-28T12:34:56.000Z")]
    [InlineData("2025-08-28T12:34:56.7Z", "2025-08-28T12:34:56.700Z")]
    [InlineData("2025-08-28 12:34:56.123456789", "2025-08-28T12:34:56.123Z")]
    [InlineData("2025-08-28T12:34:56-03:00", "2025-08-28T15:34:56.000Z")]
    [InlineData("2025-08-28 12:34:56.5+05:30", "2025-08-28T07:04:56.500Z")]
    [InlineData("2025-08-28 12:34:56.123456789 -0300 -03", "2025-08-28T15:34:56.123Z")]
    [InlineData("2025-08-28 12:34:56.123456789 +0000 UTC m=+0.123456789", "2025-08-28T12:34:56.123Z")]
    [InlineData("2025-08-28 12:34:56 UTC", "2025-08-28T12:34:56.000Z")]
    [InlineData("2024-02-29 23:59:59", "2024-02-29T23:59:59.000Z")]
    [InlineData("1756384496", "2025-08-28T12:34:56.000Z")]
    [InlineData(1756384496L, "2025-08-28T12:34:56.000Z")]
    [InlineData(1756384496123L, "2025-08-28T12:34:56.123Z")]
    [InlineData(1756384496123456L, "2025-08-28T12:34:56.123Z")]
    [InlineData(1756384496123456789L, "2025-08-28T12:34:56.123Z")]
    [InlineData(1756384496.5, "2025-08-28T12:34:56.500Z")]
    [InlineData(0L, "1970-01-01T00:00:00.000Z")]
    public void What_drivers_wrote_is_read(object written, string time) => Assert.Equal(
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), OriginalTime.Read(written));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2025-13-01 00:00:00")]
    [InlineData("2025-02-29 00:00:00")]
    [InlineData("2025-08-28 24:00:00")]
    [InlineData("2025-08-28 12:61:00")]
    [InlineData("0000-01-01 00:00:00")]
    [InlineData("0001-01-01 00:00:00 +0000 UTC")]
    [InlineData("1969-12-31 23:59:59")]
    [InlineData(-5L)]
    [InlineData(long.MinValue)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    [InlineData(null)]
    public void What_is_no_time_is_none(object? written) => Assert.Null(OriginalTime.Read(written));

    [Fact]
    public void A_time_after_the_last_one_is_none() => Assert.Null(OriginalTime.Read("9999-12-31 23:59:59 -0100"));

    [Fact]
    public void Bytes_are_no_time() => Assert.Null(OriginalTime.Read(new byte[] { 1, 2 }));
}
