using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Wire.Http2;

/// <summary>The streams of one connection, open or waiting for the peer's limit. Guarded by the sender's gate.</summary>
internal sealed class StreamTable(Http2Role role)
{
    private readonly Dictionary<int, Http2Stream> _open = [];
    private readonly LinkedList<Http2Stream> _waiting = new();

    // RFC 9113 section 5.1.1: a client's streams are odd. Stream 1 is an upgrade's only from HTTP/1.1, so it is free here.
    private int _nextLocalId = role == Http2Role.Client ? 1 : 2;

    public int Count => _open.Count;

    public int WaitingCount => _waiting.Count;

    /// <summary>The highest stream the peer has opened.</summary>
    public int LastPeerId { get; private set; }

    public bool TryGet(int id, [NotNullWhen(true)] out Http2Stream? stream) => _open.TryGetValue(id, out stream);

    /// <summary>Whether a stream of this number has never been opened.</summary>
    public bool IsIdle(int id) => IsLocal(id) ? id >= _nextLocalId : id > LastPeerId;

    public bool IsLocal(int id) => (id & 1) == (role == Http2Role.Client ? 1 : 0);

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

    public void NotePeerId(int id) => LastPeerId = id;

    public void Accept(int id, Http2Stream stream)
    {
        stream.Id = id;
        _open.Add(id, stream);
    }

    public void Remove(Http2Stream stream) => _open.Remove(stream.Id);

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
