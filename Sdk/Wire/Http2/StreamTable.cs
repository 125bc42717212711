using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Wire.Http2;

/// <summary>The streams of one connection, open or waiting for the peer's limit. Guarded by the sender's gate.</summary>
internal sealed class StreamTable(Http2Role role, int firstClientId)
{
    // As many as a peer may have had open at once: what is under way when they are reset is then all known.
    private const int MaxResetsRemembered = 1000;

    private readonly Dictionary<int, Http2Stream> _open = [];
    private readonly LinkedList<Http2Stream> _waiting = new();
    private readonly HashSet<int> _reset = [];
    private readonly Queue<int> _resetInOrder = new();
    private readonly StreamHistory _history = new();

    // RFC 9113 section 5.1.1: a client's streams are odd. Stream 1 is an upgrade's only from HTTP/1.1, so it is free here.
    private int _nextLocalId = role == Http2Role.Client ? firstClientId : 2;

    public int Count => _open.Count;

    public int WaitingCount => _waiting.Count;

    /// <summary>The highest stream the peer has opened.</summary>
    public int LastPeerId { get; private set; }

    public bool TryGet(int id, [NotNullWhen(true)] out Http2Stream? stream) => _open.TryGetValue(id, out stream);

    /// <summary>Whether a stream of this number has never been opened.</summary>
    public bool IsIdle(int id) => IsLocal(id) ? id >= _nextLocalId : id > LastPeerId;

    public bool IsLocal(int id) => (id & 1) == (role == Http2Role.Client ? 1 : 0);

    /// <summary>Whether a further stream of ours can have a number.</summary>
    public bool HasLocalIds => _nextLocalId > 0;

    /// <summary>Gives a stream of ours its number. False when no number is left on this connection.</summary>
    public bool TryOpen(Http2Stream stream)
    {
        if (_nextLocalId < 0)
            return false;

        stream.Id = _nextLocalId;
        _nextLocalId = unchecked(_nextLocalId + 2);
        _open.Add(stream.Id, stream);
        return true;
    }

    /// <summary>The peer opens a stream, which closes all idle ones of lower numbers (RFC 9113 section 5.1.1).</summary>
    public void NotePeerId(int id)
    {
        var next = LastPeerId == 0 ? 2 - (id & 1) : LastPeerId + 2;
        if (id > next)
            _history.NoteSkipped(next, id - 2);
        LastPeerId = id;
    }

    /// <summary>Whether the peer has never opened the stream, but a higher one, not so many others since that it has been forgotten.</summary>
    public bool WasSkipped(int id) => _history.WasSkipped(id);

    public void Accept(int id, Http2Stream stream)
    {
        stream.Id = id;
        _open.Add(id, stream);
    }

    public void Remove(Http2Stream stream)
    {
        if (_open.Remove(stream.Id) && stream.State.Phase == StreamPhase.Ended)
            _history.NoteEnded(stream.Id);
    }

    /// <summary>Whether both sides have ended the stream, not so many others since that it has been forgotten.</summary>
    public bool WasEnded(int id) => _history.WasEnded(id);

    /// <summary>Remembers that this side has reset a stream, or looks at it no longer, and that the peer may still be sending.</summary>
    public void NoteReset(int id)
    {
        if (!_reset.Add(id))
            return;

        _resetInOrder.Enqueue(id);
        if (_resetInOrder.Count > MaxResetsRemembered)
            _reset.Remove(_resetInOrder.Dequeue());
    }

    /// <summary>Whether this side has reset the stream, and not so many others since that it has been forgotten.</summary>
    public bool WasReset(int id) => _reset.Contains(id);

    public void Wait(Http2Stream stream) => stream.WaitingNode = _waiting.AddLast(stream);

    public void GiveUpWaiting(Http2Stream stream)
    {
        if (stream.WaitingNode is not { } node)
            return;

        _waiting.Remove(node);
        stream.WaitingNode = null;
    }

    public bool TryTakeWaiting([NotNullWhen(true)] out Http2Stream? stream)
    {
        stream = _waiting.First?.Value;
        if (stream is null)
            return false;

        GiveUpWaiting(stream);
        return true;
    }

    public IEnumerable<Http2Stream> Open => _open.Values;

    /// <summary>Empties the table: the connection is over.</summary>
    public IReadOnlyList<Http2Stream> TakeAll()
    {
        List<Http2Stream> all = [.. _open.Values];
        while (TryTakeWaiting(out var stream))
            all.Add(stream);
        _open.Clear();
        return all;
    }
}
