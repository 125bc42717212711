using Examples.Inspect.Walking;

namespace Examples.Inspect.Watching;

/// <summary>Walks paths that changed, one after the other; what is gone meanwhile is passed over.</summary>
internal sealed class ChangedPathsWalker(SourceTree tree, IReadOnlyList<ChangedPath> paths) : ITreeWalker
{
    private ITreeWalker? _current;
    private int _next;

    public bool MoveNext(out TreeEntry entry)
    {
        while (true)
        {
            if (_current is not null && _current.MoveNext(out entry))
                return true;
            _current?.Dispose();
            _current = null;
            if (_next == paths.Count)
                break;
            var path = paths[_next++];
            _current = tree.WalkFrom(path.Path, enterDirectory: path.IsNew);
        }

        entry = default;
        return false;
    }

    public OpenedFile Open() => _current!.Open();

    public void Dispose() => _current?.Dispose();
}
