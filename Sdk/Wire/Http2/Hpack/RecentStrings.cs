namespace Plugwire.Wire.Http2.Hpack;

/// <summary>
/// Strings that came lately as literals, so that one which comes with every call is made only once. Many peers index
/// nothing and send the same paths and names in full each time.
/// </summary>
// One slot per hash, the newest wins: no search, no eviction order, and bounded by its length alone (64 strings of 128 chars).
internal sealed class RecentStrings
{
    /// <summary>Longer ones are not kept: they hardly come twice, and would hold memory for the life of the connection.</summary>
    public const int MaxLength = 128;

    private readonly string?[] _slots = new string?[64];

    /// <summary>The string of these chars: the one made before if it is still here, else a new one, which is kept.</summary>
    public string Get(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return string.Empty;
        if (text.Length > MaxLength) return new string(text);

        ref var slot = ref _slots[SampledHash.Of(text) & (uint)(_slots.Length - 1)];
        if (slot is null || !text.SequenceEqual(slot)) slot = new string(text);
        return slot;
    }
}
