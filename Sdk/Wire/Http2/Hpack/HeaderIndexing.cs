namespace Plugwire.Wire.Http2.Hpack;

/// <summary>How the encoder treats a header that it has not sent before (RFC 7541 section 6.2).</summary>
internal enum HeaderIndexing
{
    /// <summary>Keep it in the dynamic table: a header that comes again as it is.</summary>
    Index,

    /// <summary>Do not keep it: a header whose value changes from call to call and would only push others out.</summary>
    DoNotIndex,

    /// <summary>Never keep it, nor may an intermediary: a secret, whose bytes must not be guessable from a block's length.</summary>
    NeverIndex,
}
