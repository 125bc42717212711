using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

[Trait("RFC 7541", "5.1 Integer Representation")]
public sealed class HpackIntegerTests
{
    [Theory]
    [InlineData(10, 5, "0a")] // C.1.1
    [InlineData(1337, 5, "1f9a0a")] // C.1.2
    [InlineData(42, 8, "2a")] // C.1.3
    [InlineData(30, 5, "1e")]
    [InlineData(31, 5, "1f00")]
    [InlineData(158, 5, "1f7f")]
    [InlineData(159, 5, "1f8001")]
    [InlineData(int.MaxValue, 5, "1fe0ffffff07")]
    [InlineData(int.MaxValue, 7, "7f80ffffff07")]
    [InlineData(0, 4, "00")]
    public void WriteAndRead_AValue_ItsBytes(int value, int prefixBits, string bytes)
    {
        var span = new byte[HpackInteger.MaxBytes];
        var written = HpackInteger.Write(span, flags: 0, prefixBits, value);
        Assert.Equal(bytes, HpackBytes.Format(span.AsSpan(0, written)));

        var position = 0;
        Assert.Equal(value, HpackInteger.Read(span, ref position, prefixBits));
        Assert.Equal(written, position);
    }

    [Fact]
    public void Write_WithFlags_KeepsThemAboveThePrefix()
    {
        var span = new byte[2];
        Assert.Equal(2, HpackInteger.Write(span, flags: 0x20, prefixBits: 5, value: 31));
        Assert.Equal("3f00", HpackBytes.Format(span));
    }

    [Fact]
    public void Read_BitsAboveThePrefix_AreNotPartOfTheValue()
    {
        var position = 1;
        Assert.Equal(10, HpackInteger.Read([0xFF, 0xEA], ref position, prefixBits: 5));
        Assert.Equal(2, position);
    }

    [Theory]
    [InlineData("1f", "ends within the integer that begins at byte 0")]
    [InlineData("1f9a", "ends within the integer that begins at byte 0")]
    [InlineData("1fe1ffffff07", "is 2147483648; the most is 2147483647")]
    [InlineData("1fffffffff7f", "is 34359738398; the most is 2147483647")]
    [InlineData("1f808080808000", "does not end within 6 bytes")]
    [InlineData("1f8080808080", "does not end within 6 bytes")]
    public void Read_AnIntegerThatIsNone_Throws(string bytes, string expected)
    {
        var position = 0;
        var exception = Assert.Throws<HpackException>(() => HpackInteger.Read(HpackBytes.Parse(bytes), ref position, prefixBits: 5));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
