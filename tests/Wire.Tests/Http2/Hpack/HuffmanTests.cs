using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

[Trait("RFC 7541", "5.2 String Literal Representation")]
public sealed class HuffmanTests
{
    // Drawn from all over RFC 7541 Appendix B: each length, both ends of the alphabet, and EOS.
    [Theory]
    [InlineData('0', 0x0, 5)]
    [InlineData('t', 0x9, 5)]
    [InlineData(' ', 0x14, 6)]
    [InlineData('u', 0x2d, 6)]
    [InlineData(':', 0x5c, 7)]
    [InlineData('z', 0x7b, 7)]
    [InlineData('&', 0xf8, 8)]
    [InlineData('Z', 0xfd, 8)]
    [InlineData('!', 0x3f8, 10)]
    [InlineData('?', 0x3fc, 10)]
    [InlineData('\'', 0x7fa, 11)]
    [InlineData('|', 0x7fc, 11)]
    [InlineData('#', 0xffa, 12)]
    [InlineData('>', 0xffb, 12)]
    [InlineData(0, 0x1ff8, 13)]
    [InlineData('~', 0x1ffd, 13)]
    [InlineData('^', 0x3ffc, 14)]
    [InlineData('}', 0x3ffd, 14)]
    [InlineData('<', 0x7ffc, 15)]
    [InlineData('{', 0x7ffe, 15)]
    [InlineData('\\', 0x7fff0, 19)]
    [InlineData(195, 0x7fff1, 19)]
    [InlineData(208, 0x7fff2, 19)]
    [InlineData(128, 0xfffe6, 20)]
    [InlineData(153, 0x1fffdc, 21)]
    [InlineData(129, 0x3fffd2, 22)]
    [InlineData(1, 0x7fffd8, 23)]
    [InlineData(9, 0xffffea, 24)]
    [InlineData(199, 0x1ffffec, 25)]
    [InlineData(192, 0x3ffffe0, 26)]
    [InlineData(255, 0x3ffffee, 26)]
    [InlineData(203, 0x7ffffde, 27)]
    [InlineData(2, 0xfffffe2, 28)]
    [InlineData(249, 0xffffffe, 28)]
    [InlineData(10, 0x3ffffffc, 30)]
    [InlineData(13, 0x3ffffffd, 30)]
    [InlineData(22, 0x3ffffffe, 30)]
    [InlineData(HuffmanCode.EndOfString, 0x3fffffff, 30)]
    public void Code_OfASymbol_AsInAppendixB(int symbol, uint code, int length)
    {
        Assert.Equal(code, HuffmanCode.Codes[symbol]);
        Assert.Equal(length, HuffmanCode.Lengths[symbol]);
        Assert.Equal(symbol, HuffmanCode.Decode(code << (32 - length), out var decodedLength));
        Assert.Equal(length, decodedLength);
    }

    [Fact]
    public void Codes_AllTogether_LeaveNoWordWithoutASymbol()
    {
        long covered = 0;
        foreach (var length in HuffmanCode.Lengths) covered += 1L << (HuffmanCode.LongestLength - length);
        Assert.Equal(1L << HuffmanCode.LongestLength, covered);
        Assert.Equal(257, HuffmanCode.Lengths.Length);
    }

    [Fact]
    public void EncodeAndDecode_EverySymbolBehindEveryOther_GivesThemBack()
    {
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second++) AssertRoundTrip([(char)first, (char)second]);
        }
    }

    [Fact]
    public void EncodeAndDecode_StringsOfAnyLength_GiveThemBack()
    {
        var random = new Random(7541);
        for (var length = 0; length < 300; length++)
        {
            var text = new char[length];
            foreach (ref var c in text.AsSpan()) c = (char)random.Next(256);
            AssertRoundTrip(text);

            foreach (ref var c in text.AsSpan()) c = (char)random.Next('a', 'z');
            AssertRoundTrip(text);
        }
    }

    [Theory]
    [InlineData("fffffffc", "holds the end-of-string symbol after 0 chars")]
    [InlineData("1fffffffff", "holds the end-of-string symbol after 1 chars")] // 'a', then EOS
    [InlineData("ff", "ends with 8 bits that are no symbol")]
    [InlineData("1fff", "ends with 11 bits that are no symbol")] // 'a', then eleven ones
    [InlineData("ffffff", "ends with 24 bits that are no symbol")]
    [InlineData("fffe", "ends with 16 bits that are no symbol")] // the first half of a long code
    [InlineData("18", "is padded with other bits than ones")] // 'a', then 000
    [InlineData("1e", "is padded with other bits than ones")] // 'a', then 110
    public void Decode_AStringThatDoesNotEndAsItMust_Throws(string bytes, string expected)
    {
        var exception = Assert.Throws<HpackException>(() => Huffman.Decode(HpackBytes.Parse(bytes), new char[16]));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("1f", "a")]
    [InlineData("07", "0")]
    [InlineData("f8", "&")] // nothing to pad
    public void Decode_WithPaddingOfLessThanAByte_IsTaken(string bytes, string expected)
    {
        var text = new char[8];
        Assert.Equal(expected, text.AsSpan(0, Huffman.Decode(HpackBytes.Parse(bytes), text)).ToString());
    }

    private static void AssertRoundTrip(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Huffman.GetEncodedLength(text)];
        Assert.Equal(bytes.Length, Huffman.Encode(text, bytes));

        var decoded = new char[Huffman.GetMaxDecodedLength(bytes.Length)];
        var length = Huffman.Decode(bytes, decoded);
        Assert.True(text.SequenceEqual(decoded.AsSpan(0, length)));
    }
}
