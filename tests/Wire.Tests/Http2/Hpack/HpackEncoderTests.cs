using System.Buffers;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

public sealed class HpackEncoderTests
{
    [Theory]
    [InlineData(HeaderIndexing.Index, "40 0161 0131")]
    [InlineData(HeaderIndexing.DoNotIndex, "00 0161 0131")]
    [InlineData(HeaderIndexing.NeverIndex, "10 0161 0131")]
    internal void Encode_ANewHeader_IsALiteralOfItsKind(HeaderIndexing indexing, string expected)
    {
        var encoder = new HpackEncoder();
        Assert.Equal(HpackBytes.Parse(expected), encoder.Encode(indexing, new HeaderField("a", "1")));
        Assert.Equal(indexing == HeaderIndexing.Index ? 1 : 0, encoder.Table.Count);
    }

    [Fact]
    public void Encode_AKnownHeader_IsItsIndex()
    {
        var encoder = new HpackEncoder();
        encoder.Encode(HeaderIndexing.Index, new("a", "1"), new("b", "1"));

        var block = encoder.Encode(HeaderIndexing.DoNotIndex, new("b", "1"), new("a", "1"), new(":method", "POST"));
        Assert.Equal("bebf83", HpackBytes.Format(block));
    }

    [Fact]
    public void Encode_AKnownName_IsTheNamesIndex()
    {
        var encoder = new HpackEncoder();
        encoder.Encode(HeaderIndexing.Index, new("a", "1"), new("b", "1"));
        Assert.Equal("0f300132", HpackBytes.Format(encoder.Encode(HeaderIndexing.DoNotIndex, new HeaderField("a", "2"))));
        Assert.Equal("0f100132", HpackBytes.Format(encoder.Encode(HeaderIndexing.DoNotIndex, new HeaderField("content-type", "2"))));
    }

    [Fact]
    [Trait("RFC 7541", "7.1.3 Never-Indexed Literals")]
    public void Encode_ASecretThatIsKnown_IsALiteralAllTheSame()
    {
        var encoder = new HpackEncoder();
        encoder.Encode(HeaderIndexing.Index, new HeaderField("a", "1"));
        Assert.Equal("1f2f0131", HpackBytes.Format(encoder.Encode(HeaderIndexing.NeverIndex, new HeaderField("a", "1"))));
        Assert.Equal("1203474554", HpackBytes.Format(encoder.Encode(HeaderIndexing.NeverIndex, new HeaderField(":method", "GET"))));
    }

    [Fact]
    public void Encode_AHeaderOfMoreThanHalfTheTable_IsNotIndexed()
    {
        var encoder = new HpackEncoder();
        var half = new HeaderField("a", new string('\0', 2048 - 33));
        encoder.Encode(HeaderIndexing.Index, half);
        Assert.Equal(2048, half.Size);
        encoder.Encode(HeaderIndexing.Index, new HeaderField("b", new string('\0', 2048 - 32)));
        Assert.Equal([half], HpackBytes.Entries(encoder.Table));
    }

    [Fact]
    public void Encode_StringsThatHuffmanMakesLonger_AreWrittenPlain()
    {
        var encoder = new HpackEncoder();
        Assert.Equal("0001ff021f00", HpackBytes.Format(encoder.Encode(HeaderIndexing.DoNotIndex, new HeaderField("\u00ff", "\u001f\0"))));
    }

    [Theory]
    [InlineData("a", "12\u0100", "Char 2 of a header's value is U+0100")]
    [InlineData("\u20ac", "", "Char 0 of a header's name is U+20AC")]
    public void Encode_ACharThatIsNoByte_ThrowsAndWritesNothing(string name, string value, string expected)
    {
        var encoder = new HpackEncoder();
        encoder.SetMaxDynamicTableSize(0);
        var output = new ArrayBufferWriter<byte>();
        var exception = Assert.Throws<ArgumentException>(() => encoder.Encode(name, value, HeaderIndexing.Index, output));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    // Each list is the sizes that SETTINGS brought between two blocks; the header is :method GET, 82.
    [Theory]
    [InlineData("3fe10782", 1024)]
    [InlineData("2082", 0)]
    [InlineData("203fe11f82", 0, 4096)] // down to nothing and up again: both
    [InlineData("3fc9073fb10f82", 1000, 2000)]
    [InlineData("3fc90782", 2000, 1000)]
    [InlineData("82", 4096)] // no change
    [InlineData("82", 65536)] // we never use more than 4096
    [InlineData("82", 65536, 4096)]
    [InlineData("3fc9073fe11f82", 2000, 1000, 65536)]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    public void Encode_AfterSizeChanges_BeginsWithTheSmallestAndTheLast(string expected, params int[] sizes)
    {
        var encoder = new HpackEncoder();
        foreach (var size in sizes) encoder.SetMaxDynamicTableSize(size);
        Assert.Equal(expected, HpackBytes.Format(encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"))));
        Assert.Equal("82", HpackBytes.Format(encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"))));
    }

    [Fact]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    public void Encode_AfterTheTableGrewAgain_SaysOnlyTheNewSize()
    {
        var encoder = new HpackEncoder();
        encoder.SetMaxDynamicTableSize(100);
        encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"));
        encoder.SetMaxDynamicTableSize(200);
        encoder.SetMaxDynamicTableSize(4096);
        Assert.Equal("3fe11f82", HpackBytes.Format(encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"))));
    }

    [Fact]
    [Trait("RFC 7541", "4.2 Maximum Table Size")]
    public void Encode_AfterASizeThatWasAlreadySaid_DoesNotSayItAgain()
    {
        var encoder = new HpackEncoder();
        encoder.SetMaxDynamicTableSize(0);
        encoder.SetMaxDynamicTableSize(4096);
        Assert.Equal("203fe11f82", HpackBytes.Format(encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"))));
        encoder.SetMaxDynamicTableSize(2000);
        Assert.Equal("3fb10f82", HpackBytes.Format(encoder.Encode(HeaderIndexing.Index, new HeaderField(":method", "GET"))));
    }

    [Fact]
    public void Encode_AfterManyEvictions_FindsWhatIsLeftAndNothingElse()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder(4096, 64 * 1024);
        var headers = new HeaderList();
        for (var i = 0; i < 10_000; i++)
        {
            var field = new HeaderField("n" + (i % 300), "v" + (i % 700));
            decoder.Decode(encoder.Encode(HeaderIndexing.Index, field), headers);
            Assert.Equal([field], headers.Fields.ToArray());

            // Half the table back, an entry must still be found.
            if (i < 50) continue;
            var earlier = new HeaderField("n" + ((i - 50) % 300), "v" + ((i - 50) % 700));
            Assert.InRange(encoder.Encode(HeaderIndexing.Index, earlier).Length, 1, 2);
        }
    }
}
