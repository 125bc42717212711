namespace Examples.Scanning;

/// <summary>
/// One thing that is looked for: an anchor, which is searched for at full speed, and a look at the bytes around it.
/// A pattern has no state: what it answers depends on the bytes it is shown and on nothing else, so that it never
/// matters where a file was cut into chunks.
/// </summary>
public abstract class Pattern
{
    /// <summary>How many bytes before the anchor's first a pattern is shown at most; fewer only at a file's beginning.</summary>
    public const int Before = 256;

    /// <summary>How many bytes from the anchor's first on a pattern is shown at most; fewer only at a file's end.</summary>
    public const int After = 512;

    private readonly byte[] _anchor;

    protected Pattern(string ruleId, string summary, ReadOnlySpan<byte> anchor)
    {
        ArgumentException.ThrowIfNullOrEmpty(ruleId);
        ArgumentOutOfRangeException.ThrowIfZero(anchor.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(anchor.Length, After);
        RuleId = ruleId;
        Summary = summary;
        _anchor = anchor.ToArray();
    }

    public string RuleId { get; }

    public string Summary { get; }

    public ReadOnlySpan<byte> Anchor => _anchor;

    /// <summary>Looks at the anchor that stands at <paramref name="at"/>.</summary>
    /// <param name="view">The bytes around the anchor; its edges are the file's, or too far off to matter.</param>
    /// <param name="at">Where in <paramref name="view"/> the anchor begins.</param>
    public abstract Hit Look(ReadOnlySpan<byte> view, int at);
}
