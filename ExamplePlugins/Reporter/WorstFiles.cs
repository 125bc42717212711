namespace Examples.Reporting;

/// <summary>The ten files with the most findings; of two with the same number the one whose path sorts first is the worse.</summary>
internal sealed class WorstFiles
{
    public const int Count = 10;

    private static readonly Comparer<FileTotal> LeastFirst = Comparer<FileTotal>.Create(static (one, other) =>
        one.Findings != other.Findings ? one.Findings.CompareTo(other.Findings) : other.Path.Span.SequenceCompareTo(one.Path.Span));

    private readonly PriorityQueue<FileTotal, FileTotal> _files = new(LeastFirst);

    public void Offer(FileTotal file)
    {
        if (_files.Count < Count)
            _files.Enqueue(file, file);
        else
            _files.EnqueueDequeue(file, file);
    }

    public IReadOnlyList<FileTotal> ToList() => [.. _files.UnorderedItems.Select(item => item.Element).OrderDescending(LeastFirst)];
}
