using System.Buffers;
using System.Diagnostics;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>
/// One stream of a connection. Who builds on HTTP/2 derives from it: the connection's read loop calls the <c>On…</c> methods, in the
/// order of the frames and never two at a time, and they must neither block nor run a user's code.
/// </summary>
internal abstract class Http2Stream(Http2Connection connection)
{
    private int _unreleased;

    /// <summary>Zero until the stream is open.</summary>
    public int Id { get; internal set; }

    public Http2Connection Connection { get; } = connection;

    // Guarded by the sender's gate, all of them.
    internal StreamState State;
    internal SendWindow SendWindow;
    internal ReceiveWindow ReceiveWindow;
    internal Outbox Outbox;

    // The stream's place in line, made when it first has to wait for its turn.
    internal LinkedListNode<Http2Stream>? Turn;

    // Ended by either side or with the connection, also before its HEADERS left, of which the state knows nothing.
    internal bool IsOver;

    // The read loop's own.
    internal bool HeadersReceived;
    internal ContentLength ContentLength;

    internal bool IsClosed => IsOver || State.IsClosed;

    internal bool IsScheduled => Turn?.List is not null;
    internal LinkedListNode<Http2Stream>? WaitingNode;

    /// <summary>The request's or the response's header list, valid during the call only. A response without a body comes as trailers instead.</summary>
    protected internal abstract void OnHeaders(HeaderList headers);

    /// <summary>Data, to be used or copied before the method returns. What has been used up is given back by <see cref="Release"/>.</summary>
    protected internal abstract void OnData(in ReadOnlySequence<byte> data);

    /// <summary>The peer has ended its side; with trailers, valid during the call only, or without.</summary>
    protected internal abstract void OnEndStream(HeaderList? trailers);

    /// <summary>The peer has reset the stream, or has broken a rule on it, so that we did.</summary>
    protected internal abstract void OnReset(Http2ErrorCode errorCode, string reason);

    /// <summary>This side closes the connection and waits for the stream no longer: what it sends now is the last that leaves. Called from any thread.</summary>
    protected internal virtual void OnCut()
    {
    }

    /// <summary>The connection is over. Called from any thread, once, and last.</summary>
    protected internal abstract void OnConnectionLost(ConnectionLoss loss);

    /// <summary>Whether the peer can have seen the stream: its HEADERS have been handed to the transport, or may yet be.</summary>
    protected bool MayBeKnownToPeer => Connection.MayBeKnownToPeer(this);

    /// <summary>Whether the connection's end has ended the stream, and neither of its two sides.</summary>
    protected bool WasLost => Connection.WasLost(this);

    /// <summary>Sends what is given, as far as the windows allow now; the rest follows as they open.</summary>
    /// <returns>Whether the stream is still there, and in <paramref name="sent"/> a task that ends when the message is on its way.</returns>
    /// <remarks>The message belongs to the connection from here on. One message at a time: the next only after <paramref name="sent"/>.</remarks>
    protected bool TrySend(OutgoingHeaders? headers, OutputBuffer? message, OutgoingHeaders? trailers, bool endStream, out Task sent) =>
        Connection.TrySend(this, headers, message, trailers, endStream, out sent);

    /// <summary>Ends the stream in both directions. Idempotent, and too late is no error.</summary>
    protected void Reset(Http2ErrorCode errorCode) => Connection.Reset(this, errorCode);

    /// <summary>Says that so many received bytes have been used up, from any thread.</summary>
    protected void Release(int count)
    {
        // The gate is taken once for many small messages; a peer that waits for the rest has at least a quarter of its window left.
        var unreleased = Interlocked.Add(ref _unreleased, count);
        if (unreleased < Connection.ReleaseThreshold)
            return;

        var taken = Interlocked.Exchange(ref _unreleased, 0);
        Debug.Assert(taken >= 0, "Bytes are released once.");
        Connection.Release(this, taken);
    }

    /// <summary>Lets a message of so many bytes come whole. Called when the reader has taken all that came before it.</summary>
    protected void AllowMessage(int length) => Connection.AllowMessage(this, Interlocked.Exchange(ref _unreleased, 0), length);
}
