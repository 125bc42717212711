using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>The decoder of header blocks alone: it takes a block or throws its own exception, and what it costs is bounded by what came.</summary>
internal static class HpackTarget
{
    private const int TableSize = 4096;
    private const int MaxHeaderListSize = 16 * 1024;

    // A string of two bytes costs 32 of memory; the constant pays for an exception and the list's growth.
    private const int BytesPerByte = 32;
    private const int Constant = 65_536;

    /// <returns>Whether all blocks were taken.</returns>
    /// <exception cref="FuzzException">It is not so.</exception>
    public static bool Play(FuzzCase play)
    {
        var decoder = new HpackDecoder(TableSize, MaxHeaderListSize);
        var headers = new HeaderList();
        foreach (var block in play.Blocks)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var taken = TryDecode(decoder, block, headers);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > (BytesPerByte * block.Length) + Constant)
                throw new FuzzException($"A block of {block.Length} bytes made the decoder allocate {allocated}: {Convert.ToHexString(block)}");
            if (decoder.Table.Size is < 0 or > TableSize || headers.Count > MaxHeaderListSize / HeaderField.Overhead)
                throw new FuzzException($"A block left {decoder.Table.Size} bytes in the table and {headers.Count} fields: {Convert.ToHexString(block)}");
            if (!taken)
                return false;
        }

        return true;
    }

    private static bool TryDecode(HpackDecoder decoder, byte[] block, HeaderList headers)
    {
        try
        {
            decoder.Decode(block, headers);
            return true;
        }
        catch (HpackException)
        {
            return false;
        }
    }
}
