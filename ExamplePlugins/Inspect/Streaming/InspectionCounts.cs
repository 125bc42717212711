using Examples.Inspect.Walking;

namespace Examples.Inspect.Streaming;

/// <summary>What has been done so far. One task counts, others look at it meanwhile.</summary>
internal sealed class InspectionCounts
{
    private readonly long[] _skipped = new long[Enum.GetValues<SkipReason>().Length];
    private long _files;
    private long _bytes;
    private long _findings;

    /// <summary>Text files that went through the inspectors.</summary>
    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Findings => Interlocked.Read(ref _findings);

    public long Skipped => Enum.GetValues<SkipReason>().Sum(SkippedFor);

    public long SkippedFor(SkipReason reason) => Interlocked.Read(ref _skipped[(int)reason]);

    /// <summary>Adds what another has counted, but for the findings.</summary>
    public void Add(InspectionCounts other)
    {
        Interlocked.Add(ref _files, other.Files);
        Interlocked.Add(ref _bytes, other.Bytes);
        foreach (var reason in Enum.GetValues<SkipReason>())
            Interlocked.Add(ref _skipped[(int)reason], other.SkippedFor(reason));
    }

    public void AddFile() => Interlocked.Increment(ref _files);

    public void AddBytes(int count) => Interlocked.Add(ref _bytes, count);

    public void AddFinding() => Interlocked.Increment(ref _findings);

    public void AddSkipped(SkipReason reason) => Interlocked.Increment(ref _skipped[(int)reason]);
}
