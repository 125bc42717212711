using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Testing.Faults.Wire;

/// <summary>How far one stream has come within a message: its prefix first, then its body.</summary>
internal record struct MessageProgress(int PrefixLength, uint BodyLeft)
{
    public readonly bool IsAtStart => PrefixLength == 0;

    public readonly bool IsAtEnd => PrefixLength == MessagePrefix.Size && BodyLeft == 0;

    /// <returns>How many of the bytes belong to this part of the message: one at least.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        if (PrefixLength == MessagePrefix.Size)
        {
            var body = (int)Math.Min(BodyLeft, (uint)bytes.Length);
            BodyLeft -= (uint)body;
            return body;
        }

        // The first byte says whether the message is compressed, the other four how long it is.
        var count = Math.Min(MessagePrefix.Size - PrefixLength, bytes.Length);
        foreach (var piece in bytes[..count])
        {
            if (PrefixLength++ > 0)
                BodyLeft = (BodyLeft << 8) | piece;
        }

        return count;
    }
}
