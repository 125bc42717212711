namespace Plugwire.Wire.Http2.Hpack;

/// <summary>
/// One header. Each char of name and value stands for one byte on the wire, 0x80 and above as in Latin-1, so that nothing is lost.
/// </summary>
internal readonly record struct HeaderField(string Name, string Value)
{
    /// <summary>What every entry counts beyond its own bytes (RFC 7541 section 4.1).</summary>
    public const int Overhead = 32;

    /// <summary>The size that tables and limits count, in bytes.</summary>
    public int Size => checked(Name.Length + Value.Length + Overhead);
}
