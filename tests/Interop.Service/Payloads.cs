using Google.Protobuf;

namespace Plugwire.Interop;

/// <summary>Bodies of zeros.</summary>
internal static class Payloads
{
    public static Payload Create(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };

    /// <summary>The size of the body with which a message is as long as wanted.</summary>
    /// <param name="messageSize">Of the whole message, in bytes.</param>
    /// <param name="create">Makes the message with a body of this size.</param>
    public static int BodySizeFor(int messageSize, Func<int, IMessage> create)
    {
        var size = messageSize - (create(messageSize).CalculateSize() - messageSize);
        var found = create(size).CalculateSize();
        return found == messageSize
            ? size
            : throw new ArgumentOutOfRangeException(nameof(messageSize), messageSize, $"No body makes a message of exactly this size: one of {size} bytes makes {found}.");
    }
}
