using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

/// <summary>The examples of RFC 7541 Appendix C.2 to C.6: what a block says, and what the dynamic table is after it.</summary>
[Trait("RFC 7541", "Appendix C. Examples")]
public sealed class HpackExampleTests
{
    private const string Date1 = "date: Mon, 21 Oct 2013 20:13:21 GMT";
    private const string Date2 = "date: Mon, 21 Oct 2013 20:13:22 GMT";
    private const string Location = "location: https://www.example.com";
    private const string Cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    private sealed record Step(string Headers, string Plain, string Huffman, string Table, int TableSize);

    // C.3 and C.4
    private static readonly Step[] Requests =
    [
        new(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com",
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
            ":authority: www.example.com",
            57),
        new(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache",
            "8286 84be 5808 6e6f 2d63 6163 6865",
            "8286 84be 5886 a8eb 1064 9cbf",
            "cache-control: no-cache\n:authority: www.example.com",
            110),
        new(":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
            "custom-key: custom-value\ncache-control: no-cache\n:authority: www.example.com",
            164),
    ];

    // C.5 and C.6, with a table of 256 bytes, so that entries are evicted
    private static readonly Step[] Responses =
    [
        new($":status: 302\ncache-control: private\n{Date1}\n{Location}",
            "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
            $"{Location}\n{Date1}\ncache-control: private\n:status: 302",
            222),
        new($":status: 307\ncache-control: private\n{Date1}\n{Location}",
            "4803 3330 37c1 c0bf",
            "4883 640e ffc1 c0bf",
            $":status: 307\n{Location}\n{Date1}\ncache-control: private",
            222),
        new($":status: 200\ncache-control: private\n{Date2}\n{Location}\ncontent-encoding: gzip\n{Cookie}",
            "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
            "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
            $"{Cookie}\ncontent-encoding: gzip\n{Date2}",
            215),
    ];

    [Theory]
    [InlineData("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header", 55)] // C.2.1
    [InlineData("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path", 0)] // C.2.2
    [InlineData("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret", 0)] // C.2.3
    [InlineData("82", ":method: GET", 0)] // C.2.4
    public void Decode_OneHeader_AsInAppendixC2(string block, string header, int tableSize)
    {
        var decoder = new HpackDecoder(4096, 16 * 1024);

        Assert.Equal(HpackBytes.ParseHeaders(header), decoder.Decode(block));

        Assert.Equal(tableSize, decoder.Table.Size);
        Assert.Equal(tableSize == 0 ? [] : HpackBytes.ParseHeaders(header), HpackBytes.Entries(decoder.Table));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_Requests_AsInAppendixC3AndC4(bool huffman) => DecodeAll(Requests, tableSize: 4096, huffman);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_Responses_AsInAppendixC5AndC6(bool huffman) => DecodeAll(Responses, tableSize: 256, huffman);

    [Fact]
    public void Encode_Requests_AsInAppendixC4()
    {
        var encoder = new HpackEncoder();
        foreach (var step in Requests)
        {
            Assert.Equal(HpackBytes.Parse(step.Huffman), encoder.Encode(HeaderIndexing.Index, HpackBytes.ParseHeaders(step.Headers)));
            Assert.Equal(HpackBytes.ParseHeaders(step.Table), HpackBytes.Entries(encoder.Table));
            Assert.Equal(step.TableSize, encoder.Table.Size);
        }
    }

    [Fact]
    public void Encode_Responses_AsInAppendixC6()
    {
        var encoder = new HpackEncoder();
        encoder.SetMaxDynamicTableSize(256);
        foreach (var (index, step) in Responses.Index())
        {
            // The example takes the new size as known; we say it. And it codes "307" though that saves nothing; we do not.
            var expected = index switch { 0 => "3fe101" + step.Huffman, 1 => step.Plain, _ => step.Huffman };

            Assert.Equal(HpackBytes.Parse(expected), encoder.Encode(HeaderIndexing.Index, HpackBytes.ParseHeaders(step.Headers)));
            Assert.Equal(HpackBytes.ParseHeaders(step.Table), HpackBytes.Entries(encoder.Table));
            Assert.Equal(step.TableSize, encoder.Table.Size);
        }
    }

    private static void DecodeAll(Step[] steps, int tableSize, bool huffman)
    {
        var decoder = new HpackDecoder(tableSize, 16 * 1024);
        foreach (var step in steps)
        {
            Assert.Equal(HpackBytes.ParseHeaders(step.Headers), decoder.Decode(huffman ? step.Huffman : step.Plain));
            Assert.Equal(HpackBytes.ParseHeaders(step.Table), HpackBytes.Entries(decoder.Table));
            Assert.Equal(step.TableSize, decoder.Table.Size);
        }
    }
}
