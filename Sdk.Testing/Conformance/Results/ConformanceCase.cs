namespace Plugwire.Testing;

/// <summary>One requirement, and the case that shows whether it is met.</summary>
/// <param name="Id">Names the case for ever, such as <c>handshake.one-line</c>: the part before the dot is its group.</param>
/// <param name="Title">What the case is about, in a few words.</param>
/// <param name="Requirement">What is required, as sentences.</param>
/// <param name="Source">Where the requirement comes from.</param>
/// <param name="Level">How much hangs on it.</param>
public sealed record ConformanceCase(string Id, string Title, string Requirement, ConformanceSource Source, ConformanceLevel Level)
{
    /// <summary>The part of the id before the dot.</summary>
    public string Group => Id.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? Id[..dot] : Id;

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
