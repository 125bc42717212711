using Examples.Inspect.Walking;
using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Chaos;

/// <summary>Some names of a tree, their files opened: what is sent together, and can be sent again.</summary>
internal sealed class Batch : IDisposable
{
    private const int MostEntries = 64;

    private readonly List<(TreeEntry Entry, OpenedFile File)> _entries = [];

    private Batch()
    {
    }

    /// <summary>The next names of the walker; null at its end.</summary>
    public static Batch? Next(ITreeWalker walker)
    {
        var batch = new Batch();
        while (batch._entries.Count < MostEntries && walker.MoveNext(out var entry))
            batch._entries.Add((entry, entry.Skip is null ? walker.Open() : default));
        return batch._entries.Count == 0 ? null : batch;
    }

    /// <summary>Walks it, as often as one likes, one walk at a time or several.</summary>
    public ITreeWalker Walk() => new BatchWalker(_entries);

    public void Dispose()
    {
        foreach (var (_, file) in _entries)
            file.Handle?.Dispose();
    }

    private sealed class BatchWalker(List<(TreeEntry Entry, OpenedFile File)> entries) : ITreeWalker
    {
        private int _at = -1;

        public bool MoveNext(out TreeEntry entry)
        {
            var there = ++_at < entries.Count;
            entry = there ? entries[_at].Entry : default;
            return there;
        }

        // Whoever has it closes it: the batch's own handle stays.
        public OpenedFile Open() => entries[_at].File is { Handle: { } handle } file
            ? file with { Handle = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false) }
            : entries[_at].File;

        public void Dispose()
        {
        }
    }
}
