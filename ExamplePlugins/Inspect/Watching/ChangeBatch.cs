using Examples.Inspection;
using Google.Protobuf;

namespace Examples.Inspect.Watching;

/// <summary>Changes that came together: each path once, and none that lies in a directory which is new itself.</summary>
internal sealed class ChangeBatch
{
    private readonly Dictionary<ByteString, bool> _isNew = [];

    public int Count { get; private set; }

    /// <summary>Nobody knows what has changed: everything has to be looked at.</summary>
    public bool LostChanges { get; private set; }

    public void Add(Change change)
    {
        Count++;
        if (change.Kind == Change.Types.Kind.Overflow)
            LostChanges = true;
        else if (change.Kind is Change.Types.Kind.Created or Change.Types.Kind.Changed && !change.Path.IsEmpty)
            _isNew[change.Path] = change.Kind == Change.Types.Kind.Created || _isNew.GetValueOrDefault(change.Path);
    }

    public IReadOnlyList<ChangedPath> ToPaths() => [.. _isNew.Where(path => !LiesInNew(path.Key)).Select(path => new ChangedPath(path.Key.ToByteArray(), path.Value))];

    private bool LiesInNew(ByteString path)
    {
        for (var end = path.Span.LastIndexOf((byte)'/'); end > 0; end = path.Span[..end].LastIndexOf((byte)'/'))
        {
            if (_isNew.GetValueOrDefault(ByteString.CopyFrom(path.Span[..end])))
                return true;
        }

        return false;
    }
}
