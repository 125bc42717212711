using System.Runtime.InteropServices;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>A hash of a string's length and twelve of its chars: its beginning, middle and end.</summary>
// As cheap for a long value as for a short one. Who collides on purpose gains nothing: a cache misses, and a chain of the
// encoder's table has 128 entries at most.
internal static class SampledHash
{
    private const int CharsPerSample = 4;

    public static uint Of(ReadOnlySpan<char> text)
    {
        ulong hash = (uint)text.Length;
        if (text.Length >= CharsPerSample)
        {
            hash = Mix(hash, Sample(text, 0));
            hash = Mix(hash, Sample(text, (text.Length - CharsPerSample) / 2));
            hash = Mix(hash, Sample(text, text.Length - CharsPerSample));
        }
        else
        {
            foreach (var c in text) hash = Mix(hash, c);
        }

        return (uint)hash;
    }

    private static ulong Sample(ReadOnlySpan<char> text, int start) =>
        MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(text.Slice(start, CharsPerSample)));

    private static ulong Mix(ulong hash, ulong value)
    {
        // An odd factor, so that no bit is lost, and the high half folded back, so that the low bits see all of it.
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 32);
    }
}
