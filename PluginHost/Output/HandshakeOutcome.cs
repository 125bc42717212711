namespace Plugwire.Hosting.Output;

/// <summary>What came first on a plugin's standard output.</summary>
internal enum HandshakeOutcomeKind
{
    /// <summary>A whole line; whether it is a handshake is for its parser to say.</summary>
    Line,

    /// <summary>The output ended before a line did.</summary>
    Ended,

    /// <summary>More bytes without a line break than any handshake has.</summary>
    TooLong,
}

/// <param name="Kind">What it was.</param>
/// <param name="Bytes">The line without its end, or what there was of it.</param>
internal sealed record HandshakeOutcome(HandshakeOutcomeKind Kind, ReadOnlyMemory<byte> Bytes);
