namespace Plugwire.Hosting.Launching.Guarding;

/// <summary>How many guards are started within a time: what ends them all ends the next one, too. Used by one step at a time.</summary>
internal sealed class StartAllowance(TimeProvider timeProvider)
{
    public const int Most = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _taken = [];

    /// <summary>Whether the last one was refused.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Takes one; false when there is none at present.</summary>
    public bool TryTake()
    {
        while (_taken.TryPeek(out var first) && timeProvider.GetElapsedTime(first) >= Window)
            _taken.Dequeue();
        IsExhausted = _taken.Count >= Most;
        if (!IsExhausted)
            _taken.Enqueue(timeProvider.GetTimestamp());
        return !IsExhausted;
    }
}
