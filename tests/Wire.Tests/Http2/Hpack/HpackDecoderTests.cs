using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

public sealed class HpackDecoderTests
{
    // Three entries: "a: 1" is the newest, so that indices 62, 63 and 64 exist.
    private const string ThreeEntries = "4001 6301 33" + "4001 6201 32" + "4001 6101 31";

    [Theory]
    [InlineData("80", "at byte 0 of the header block has index 0")]
    [InlineData("82 c1", "at byte 1 of the header block has index 65, but there are only 61 static and 3 dynamic ones")]
    [InlineData("82 c6", "has index 70, but there are only 61 static and 3 dynamic ones")]
    [InlineData("ff80ffffff07", "has index 2147483647, but there are only 61 static and 3 dynamic ones")]
    [InlineData("7f02 0131", "has index 65")] // as the name of a literal
    [InlineData("0f32 0131", "has index 65")]
    [InlineData("1f32 0131", "has index 65")]
    [InlineData("ffffffffff0f", "the most is 2147483647")]
    [InlineData("ff808080808000", "does not end within 6 bytes")]
    [InlineData("ff", "ends within the integer that begins at byte 0")]
    [InlineData("40", "ends after 1 bytes, where a string has to begin")]
    [InlineData("4001 61", "ends after 3 bytes, where a string has to begin")]
    [InlineData("4003 6161", "at byte 1 of the header block is 3 bytes long, but only 2 are left")]
    [InlineData("40ff ffff ff07", "bytes long, but only 0 are left")]
    [InlineData("407f", "ends within the integer that begins at byte 1")]
    [InlineData("4081 18 0131", "is padded with other bits than ones")]
    [InlineData("4181 ff", "ends with 8 bits that are no symbol")]
    [InlineData("4184 fffffffc", "holds the end-of-string symbol")]
    [InlineData("82 20", "at byte 1 of the header block, behind a header")]
    [InlineData("3fe21f", "changes to 4097 at byte 0 of the header block; the most that was allowed is 4096")]
    [InlineData("3f", "ends within the integer that begins at byte 0")]
    public void Decode_ABlockThatBreaksTheRules_Throws(string block, string expected)
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        Assert.Equal(3, decoder.Decode(ThreeEntries).Length);

        var exception = Assert.Throws<HpackException>(() => decoder.Decode(block));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnEmptyBlock_HasNoHeaders() => Assert.Empty(new HpackDecoder(4096, 0).Decode(""));

    [Fact]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    public void Decode_SizeUpdatesAtTheStart_AreFollowedInOrder()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        decoder.Decode(ThreeEntries);

        Assert.Equal([new("a", "1")], decoder.Decode("3f03 be")); // 34 bytes: one entry
        Assert.Equal(34, decoder.Table.MaxSize);
        Assert.Equal(1, decoder.Table.Count);

        Assert.Equal([new(":method", "GET")], decoder.Decode("20 3fe11f 82"));
        Assert.Equal(4096, decoder.Table.MaxSize);
        Assert.Equal(0, decoder.Table.Count);
    }

    [Fact]
    public void Decode_ATableLargerThanTheDefault_IsUsedOnceThePeerSaysSo()
    {
        var decoder = new HpackDecoder(8192, 16 * 1024);
        Assert.Equal(4096, decoder.Table.MaxSize);
        decoder.Decode("3fe13f");
        Assert.Equal(8192, decoder.Table.MaxSize);
    }

    [Fact]
    [Trait("RFC 7541", "4.4 Entry Eviction When Adding New Entries")]
    public void Decode_ALiteralLargerThanTheTable_IsAHeaderAndEmptiesTheTable()
    {
        var decoder = new HpackDecoder(100, 16 * 1024);
        decoder.Decode(ThreeEntries);
        Assert.Equal(2, decoder.Table.Count);

        var block = "4001 61 45" + string.Concat(Enumerable.Repeat("78", 69));
        Assert.Equal([new("a", new string('x', 69))], decoder.Decode(block));
        Assert.Equal(0, decoder.Table.Count);
    }

    [Fact]
    [Trait("RFC 7541", "4.4 Entry Eviction When Adding New Entries")]
    public void Decode_ALiteralWhoseNameItEvicts_KeepsTheName()
    {
        // RFC 7541 section 4.4: a new entry may refer to the name of one that its adding evicts.
        var decoder = new HpackDecoder(64, 16 * 1024);
        decoder.Decode("4004 6e61 6d65 0131");
        Assert.Equal([new("name", "2")], decoder.Decode("7e 0132"));
        Assert.Equal([new("name", "2")], HpackBytes.Entries(decoder.Table));
    }

    [Fact]
    public void Decode_BytesAbove127_AreCharsOfTheSameNumber()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        Assert.Equal([new("a", "\u0080\u00ff\u00e9")], decoder.Decode("0001 6103 80ff e9"));
    }

    [Fact]
    public void Decode_IndexedHeaders_MakeNoNewStrings()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        var first = decoder.Decode(ThreeEntries)[2];
        var again = decoder.Decode("be 0f2f 0132"); // the header, then its name alone
        Assert.Same(first.Name, again[0].Name);
        Assert.Same(first.Value, again[0].Value);
        Assert.Same(first.Name, again[1].Name);
        Assert.Same(StaticTable.Get(2).Value, decoder.Decode("82")[0].Value);
    }

    [Fact]
    public void Decode_ALiteralThatCameLately_MakesNoNewString()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        const string Block = "040c 2f73 616d 706c 652f 7061 7468"; // :path /sample/path, not indexed
        Assert.Same(decoder.Decode(Block)[0].Value, decoder.Decode(Block)[0].Value);
    }

    [Fact]
    [Trait("RFC 7541", "7.1.3 Never-Indexed Literals")]
    public void Decode_ASecret_IsNotRemembered()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        const string Block = "1008 7061 7373 776f 7264 0673 6563 7265 74";
        var (first, second) = (decoder.Decode(Block)[0], decoder.Decode(Block)[0]);
        Assert.Equal(first, second);
        Assert.NotSame(first.Value, second.Value);
    }

    [Fact]
    public void Decode_HeadersAboveTheLimit_KeepsTheTableInStepAndNothingMore()
    {
        var decoder = new HpackDecoder(4096, maxHeaderListSize: 42 + 34);
        var headers = new HeaderList();

        // :method GET (42 bytes) and c: 3 (34 bytes) fill the limit; the rest passes it, even where it would fit by itself.
        decoder.Decode(HpackBytes.Parse("82" + ThreeEntries), headers);
        Assert.True(headers.IsTooLarge);
        Assert.Equal(42 + 3 * 34, headers.Size);
        Assert.Equal([new(":method", "GET"), new("c", "3")], headers.Fields.ToArray());
        Assert.Equal(3, decoder.Table.Count);

        decoder.Decode(HpackBytes.Parse("82be"), headers);
        Assert.False(headers.IsTooLarge);
        Assert.Equal(42 + 34, headers.Size);
        Assert.Equal([new(":method", "GET"), new("a", "1")], headers.Fields.ToArray());
    }

    [Fact]
    public void Decode_OneLargeHeaderNamedAgainAndAgain_HoldsNoMoreThanTheLimit()
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);
        var headers = new HeaderList();
        byte[] entry = [0x40, 0x01, 0x61, 0x7F, 0xA1, 0x1E, .. new byte[4000]]; // a: 4000 bytes
        decoder.Decode([.. entry, .. Enumerable.Repeat((byte)0xBE, 60_000)], headers);

        Assert.True(headers.IsTooLarge);
        Assert.Equal(60_001 * 4033L, headers.Size);
        Assert.Equal(4, headers.Count);
    }
}
