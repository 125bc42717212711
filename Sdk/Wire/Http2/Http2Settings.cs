using System.Buffers.Binary;

namespace Plugwire.Wire.Http2;

/// <summary>The settings one side has told the other (RFC 9113 section 6.5.2); the initial values are the protocol's own.</summary>
internal sealed class Http2Settings
{
    public const int EntrySize = 6;
    public const int DefaultWindow = 65_535;

    private const ushort HeaderTableSizeId = 0x1;
    private const ushort EnablePushId = 0x2;
    private const ushort MaxConcurrentStreamsId = 0x3;
    private const ushort InitialWindowSizeId = 0x4;
    private const ushort MaxFrameSizeId = 0x5;
    private const ushort MaxHeaderListSizeId = 0x6;

    public int HeaderTableSize { get; private set; } = 4096;

    /// <summary>The smallest size that the last SETTINGS frame named on the way to <see cref="HeaderTableSize"/>: the peer's table has been cut down to it.</summary>
    public int LowestHeaderTableSize { get; private set; } = 4096;

    /// <summary>Until the peer's SETTINGS have come there is no limit; RFC 9113 recommends no fewer than 100.</summary>
    public int MaxConcurrentStreams { get; private set; } = int.MaxValue;

    public int InitialWindowSize { get; private set; } = DefaultWindow;

    public int MaxFrameSize { get; private set; } = FrameHeader.SmallestMaxLength;

    public int MaxHeaderListSize { get; private set; } = int.MaxValue;

    /// <summary>Takes the payload of a SETTINGS frame, whose length has been checked. Unknown identifiers are ignored.</summary>
    /// <param name="payload">Whole entries.</param>
    /// <param name="fromServer">Whether the peer is the server, which must not offer push.</param>
    /// <exception cref="Http2ConnectionException">A value is outside its range.</exception>
    public void Apply(ReadOnlySpan<byte> payload, bool fromServer)
    {
        LowestHeaderTableSize = int.MaxValue;
        for (; payload.Length >= EntrySize; payload = payload[EntrySize..])
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(payload);
            var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch (id)
            {
                case HeaderTableSizeId:
                    HeaderTableSize = Clamp(value);
                    LowestHeaderTableSize = Math.Min(LowestHeaderTableSize, HeaderTableSize);
                    break;
                case EnablePushId when value > 1 || (fromServer && value == 1):
                    throw new Http2ConnectionException(
                        Http2ErrorCode.ProtocolError,
                        $"SETTINGS_ENABLE_PUSH is 0 or 1, and from a server 0: the peer sent {value}.");
                case MaxConcurrentStreamsId:
                    MaxConcurrentStreams = Clamp(value);
                    break;
                case InitialWindowSizeId:
                    if (value > int.MaxValue)
                    {
                        throw new Http2ConnectionException(
                            Http2ErrorCode.FlowControlError,
                            $"SETTINGS_INITIAL_WINDOW_SIZE is at most {int.MaxValue}: the peer sent {value}.");
                    }

                    InitialWindowSize = (int)value;
                    break;
                case MaxFrameSizeId:
                    if (value is < FrameHeader.SmallestMaxLength or > FrameHeader.LargestMaxLength)
                    {
                        throw new Http2ConnectionException(
                            Http2ErrorCode.ProtocolError,
                            $"SETTINGS_MAX_FRAME_SIZE lies between {FrameHeader.SmallestMaxLength} and {FrameHeader.LargestMaxLength}: the peer sent {value}.");
                    }

                    MaxFrameSize = (int)value;
                    break;
                case MaxHeaderListSizeId:
                    MaxHeaderListSize = Clamp(value);
                    break;
            }
        }

        LowestHeaderTableSize = Math.Min(LowestHeaderTableSize, HeaderTableSize);
    }

    /// <summary>Writes the payload of the SETTINGS frame that tells the peer our options.</summary>
    public static void WriteOwn(OutputBuffer output, Http2Options options, Http2Role role)
    {
        if (role == Http2Role.Client)
            WriteEntry(output, EnablePushId, 0);
        else
            WriteEntry(output, MaxConcurrentStreamsId, (uint)options.MaxConcurrentStreams);
        WriteEntry(output, InitialWindowSizeId, (uint)options.StreamWindow);
        WriteEntry(output, MaxFrameSizeId, (uint)options.MaxFrameSize);
        WriteEntry(output, MaxHeaderListSizeId, (uint)options.MaxHeaderListSize);
    }

    private static void WriteEntry(OutputBuffer output, ushort id, uint value)
    {
        var span = output.GetSpan(EntrySize);
        BinaryPrimitives.WriteUInt16BigEndian(span, id);
        BinaryPrimitives.WriteUInt32BigEndian(span[2..], value);
        output.Advance(EntrySize);
    }

    private static int Clamp(uint value) => (int)Math.Min(value, int.MaxValue);
}
