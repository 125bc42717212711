using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Output;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Handshaking;

/// <summary>Makes of a plugin's first line on standard output an address that the host may dial.</summary>
internal static class HandshakeReader
{
    private const string OneLine = "one line on standard output, CORE|VERSION|unix|PATH|grpc, and nothing before it.";
    private const string Advice =
        "Is the program a plugin of this host's application? A plugin leaves standard output alone before its handshake: let it log to standard error.";

    /// <param name="outcome">What came on standard output.</param>
    /// <param name="hostVersions">The versions that this host offered.</param>
    /// <param name="refuseAddress">Says what is wrong with an address; null when it may be dialled.</param>
    /// <param name="attempt">The start, for its failure.</param>
    /// <exception cref="PluginStartException">The line is no handshake, or one that this host cannot use.</exception>
    public static HandshakeLine Read(HandshakeOutcome outcome, IReadOnlyList<int> hostVersions, Func<string, string?> refuseAddress, PluginStartAttempt attempt)
    {
        switch (outcome.Kind)
        {
            case HandshakeOutcomeKind.Ended when outcome.Bytes.IsEmpty:
                throw BadHandshake("it closed its standard output without a word.", attempt);
            case HandshakeOutcomeKind.Ended:
                throw BadHandshake("its standard output ended in the middle of the first line.", attempt);
            case HandshakeOutcomeKind.TooLong:
                throw BadHandshake($"the first {HandshakeLine.MaxBytes} bytes on its standard output have no end of line.", attempt);
        }

        if (!HandshakeLine.TryParse(outcome.Bytes.Span, out var line, out var violation))
            throw BadHandshake(violation, attempt);
        if (HandshakeCheck.Refuse(line, hostVersions) is { } refusal)
            throw attempt.Fail(PluginStartStage.Handshake, refusal.Reason, refusal.Found, refusal.Expected, refusal.Advice);
        if (refuseAddress(line.Address) is { } fault)
        {
            throw attempt.Fail(
                PluginStartStage.Handshake, PluginStartReason.AddressRefused, fault, "a socket of the plugin's own in its launch directory.",
                $"A plugin makes its socket in the directory that {LaunchVariables.SocketDirectory} names, or else in TMPDIR.");
        }

        return line;
    }

    private static PluginStartException BadHandshake(string found, PluginStartAttempt attempt) =>
        attempt.Fail(PluginStartStage.Handshake, PluginStartReason.BadHandshake, found, OneLine, Advice);
}
