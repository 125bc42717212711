namespace Plugwire.Wire.Http2;

/// <summary>
/// What a stream has still to send, in this order: headers, one message, trailers. Guarded by the sender's gate. The message is given back
/// to the pool by whoever takes it out: when its last byte is on its way, or when the stream ends before that.
/// </summary>
internal struct Outbox
{
    public OutgoingHeaders? Headers;
    public OutputBuffer? Message;
    public int MessageOffset;
    public OutgoingHeaders? Trailers;

    /// <summary>The last of what is here carries END_STREAM.</summary>
    public bool EndStream;

    /// <summary>Completed when the message is on its way; faulted when the stream ends before. Null while nobody waits.</summary>
    public TaskCompletionSource? MessageSent;

    public readonly bool IsEmpty => Headers is null && Message is null && Trailers is null && !EndStream;

    /// <summary>Ends what waits here: the stream is over.</summary>
    public void Drop()
    {
        Message?.Dispose();
        if (MessageSent?.TrySetException(new Http2StreamClosedException()) == true)
        {
            // Who sends one message and does not wait for it hears of the stream's end otherwise.
            _ = MessageSent.Task.Exception;
        }

        this = default;
    }
}
