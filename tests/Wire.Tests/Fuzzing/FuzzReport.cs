namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What came of a run.</summary>
internal sealed class FuzzReport
{
    /// <summary>How many cases were played to each target.</summary>
    public Dictionary<FuzzTarget, int> Cases { get; } = Enum.GetValues<FuzzTarget>().ToDictionary(target => target, _ => 0);

    /// <summary>How many cases reached the end of their conversation with the connection still open. If none did, only the first check is tested.</summary>
    public int Survived { get; set; }

    /// <summary>How many calls ended with OK in spite of it.</summary>
    public int Succeeded { get; set; }

    /// <summary>How many calls were opened by clients, or began a handler.</summary>
    public int Calls { get; set; }

    /// <summary>The most that a case has allocated, in bytes, and its seed.</summary>
    public (long Bytes, int Seed) MostAllocated { get; set; }

    public List<FuzzFinding> Findings { get; } = [];

    public int Count => Cases.Values.Sum();
}
