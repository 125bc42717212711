using Google.Protobuf;

namespace Examples.Reporting;

/// <summary>
/// The files that were touched lately, in two generations: a touched file moves to the young one; when the young one is
/// full the old one is retired and the young one grows old. So a file stays for at least one generation of other files, and
/// memory is bounded by two.
/// </summary>
internal sealed class RecentFiles(Action<FileTotal> retire)
{
    /// <summary>A generation is full with so many files…</summary>
    public const int GenerationSize = 65_536;

    /// <summary>… or with so many bytes of paths.</summary>
    public const int GenerationPathBytes = 8 * 1024 * 1024;

    private Dictionary<ByteString, FileTotal> _young = [];
    private Dictionary<ByteString, FileTotal> _old = [];
    private FileTotal? _last;
    private long _youngPathBytes;

    public FileTotal Touch(ByteString path)
    {
        // Findings of one file mostly come together.
        if (_last is not null && _last.Path.Equals(path))
            return _last;

        if (!_young.TryGetValue(path, out var file))
        {
            if (_young.Count >= GenerationSize || _youngPathBytes + path.Length > GenerationPathBytes)
                GrowOld();
            if (!_old.Remove(path, out file))
                file = new FileTotal(path);
            _young.Add(file.Path, file);
            _youngPathBytes += file.Path.Length;
        }

        return _last = file;
    }

    public void RetireAll()
    {
        GrowOld();
        GrowOld();
        _last = null;
    }

    private void GrowOld()
    {
        foreach (var file in _old.Values)
            retire(file);
        _old.Clear();
        (_young, _old) = (_old, _young);
        _youngPathBytes = 0;
    }
}
