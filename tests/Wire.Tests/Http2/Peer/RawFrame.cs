using System.Buffers.Binary;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>A frame that came, as it stood on the wire.</summary>
internal sealed record RawFrame(byte Type, byte Flags, int StreamId, byte[] Payload)
{
    public const byte Data = 0x0;
    public const byte Headers = 0x1;
    public const byte Priority = 0x2;
    public const byte Reset = 0x3;
    public const byte Settings = 0x4;
    public const byte PushPromise = 0x5;
    public const byte Ping = 0x6;
    public const byte GoAway = 0x7;
    public const byte WindowUpdate = 0x8;
    public const byte Continuation = 0x9;

    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte WithPriority = 0x20;

    public bool Ends => Type is Data or Headers && (Flags & EndStream) != 0;

    public bool IsAck => Type is Settings or Ping && (Flags & Ack) != 0;

    /// <summary>Of RST_STREAM or GOAWAY.</summary>
    public Http2ErrorCode ErrorCode => (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(Type == GoAway ? 4 : 0));

    /// <summary>Of GOAWAY.</summary>
    public int LastStreamId => BinaryPrimitives.ReadInt32BigEndian(Payload);

    /// <summary>Of WINDOW_UPDATE.</summary>
    public int Increment => BinaryPrimitives.ReadInt32BigEndian(Payload);

    public override string ToString() => Type switch
    {
        Reset => $"RST_STREAM {StreamId} {ErrorCode}",
        GoAway => $"GOAWAY {LastStreamId} {ErrorCode}",
        WindowUpdate => $"WINDOW_UPDATE {StreamId} +{Increment}",
        Data => $"DATA {StreamId} {Payload.Length}{(Ends ? " END" : "")}",
        Headers => $"HEADERS {StreamId}{(Ends ? " END" : "")}",
        Settings => IsAck ? "SETTINGS ACK" : "SETTINGS",
        Ping => IsAck ? "PING ACK" : "PING",
        _ => $"type {Type} on {StreamId}, flags {Flags:x}, {Payload.Length} bytes",
    };
}
