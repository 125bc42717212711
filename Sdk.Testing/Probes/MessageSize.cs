using Google.Protobuf;

namespace Plugwire.Testing.Probes;

/// <summary>How many bytes a message takes of a stream's window.</summary>
internal static class MessageSize
{
    // gRPC's: one byte of flags, four of length.
    private const int Prefix = 5;

    /// <summary>Of what is no message of Protocol Buffers nothing is known but the prefix.</summary>
    public static int OnTheWire(object? message) => Prefix + ((message as IMessage)?.CalculateSize() ?? 0);
}
