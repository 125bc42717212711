using System.Buffers;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

/// <summary>Blocks that no honest encoder writes, from a fixed seed.</summary>
public sealed class HpackFuzzTests
{
    private const int MaxHeaderListSize = 16 * 1024;

    [Fact]
    public void Decode_RandomBlocks_ThrowsNothingButItsOwnException()
    {
        var random = new Random(7541);
        Feed(50_000, _ =>
        {
            var block = new byte[random.Next(200)];
            random.NextBytes(block);
            return block;
        });
    }

    [Fact]
    public void Decode_MutatedBlocks_ThrowsNothingButItsOwnException()
    {
        var random = new Random(9113);
        var encoder = new HpackEncoder();
        Feed(50_000, isFirst =>
        {
            if (isFirst) encoder = new HpackEncoder();
            return Mutate(Write(encoder, random, tableSizes: true), random);
        });
    }

    [Fact]
    public void Decode_LongBlocks_ThrowsNothingButItsOwnException()
    {
        var random = new Random(1975);
        var encoder = new HpackEncoder();
        Feed(300, isFirst =>
        {
            // One block of hundreds of headers.
            if (isFirst) encoder = new HpackEncoder();
            byte[] block = [.. Enumerable.Range(0, random.Next(1, 100)).SelectMany(_ => Write(encoder, random, tableSizes: false))];
            return random.Next(2) == 0 ? block : Mutate(block, random);
        });
    }

    // next: given whether the block is the first of a new decoder.
    private static void Feed(int count, Func<bool, byte[]> next)
    {
        var decoder = new HpackDecoder(4096, MaxHeaderListSize);
        var headers = new HeaderList();
        var isFirst = true;
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var block = next(isFirst);
            isFirst = false;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                decoder.Decode(block, headers);
                accepted++;
            }
            catch (HpackException exception)
            {
                Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
                refused++;
                decoder = new HpackDecoder(4096, MaxHeaderListSize);
                isFirst = true;
            }

            // A string of two bytes costs 32 of memory; the constant pays for an exception, a decoder and the list's growth.
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= (32L * block.Length) + 65_536,
                $"A block of {block.Length} bytes made the decoder allocate {allocated}: {Convert.ToHexString(block)}");
            Assert.InRange(decoder.Table.Size, 0, 4096);
            Assert.InRange(headers.Count, 0, MaxHeaderListSize / HeaderField.Overhead);
        }

        // Else it would not be the decoder that is tested, only its first check.
        Assert.True(accepted > count / 100 && refused > count / 20, $"{accepted} blocks were accepted and {refused} refused.");
    }

    private static byte[] Write(HpackEncoder encoder, Random random, bool tableSizes)
    {
        var output = new ArrayBufferWriter<byte>();
        if (tableSizes && random.Next(8) == 0) encoder.SetMaxDynamicTableSize(random.Next(5000));
        for (var left = random.Next(1, 10); left > 0; left--)
        {
            var name = random.Next(3) == 0 ? StaticTable.Get(random.Next(1, 62)).Name : "name-" + random.Next(20);
            var value = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 256)));
            encoder.Encode(name, value, (HeaderIndexing)random.Next(3), output);
        }

        return output.WrittenSpan.ToArray();
    }

    private static byte[] Mutate(byte[] block, Random random)
    {
        for (var left = random.Next(4); left > 0 && block.Length > 0; left--)
        {
            var at = random.Next(block.Length);
            switch (random.Next(5))
            {
                case 0: block[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: block[at] = (byte)random.Next(256); break;
                case 2: block = block[..at]; break;
                case 3: block = [.. block[..at], (byte)random.Next(256), .. block[at..]]; break;
                default: block = [.. block[..at], .. block[random.Next(block.Length)..]]; break;
            }
        }

        return block;
    }
}
