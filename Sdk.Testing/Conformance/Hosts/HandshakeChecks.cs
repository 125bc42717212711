using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Transports.UnixSockets;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What a host makes of its plugin's first line. A plugin whose line alone is wrong would serve: who does not refuse it, calls it.</summary>
internal static class HandshakeChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        Refused("silent", "No handshake", "A host gives up a plugin that prints nothing, in its own time for a start.", Must, RoleWords.Silent, "its plugin has printed nothing", waits: true),
        Refused("exits-early", "The end before the handshake", "A host sees at once that its plugin has ended before it printed anything.", Must, RoleWords.ExitsEarly, "its plugin has ended"),
        Refused("garbage", "No text", "A host refuses a plugin whose first line is no text.", Must, RoleWords.Garbage, "its plugin has printed what is no text", waits: true),
        Refused("noise-before", "Something else first", "A host refuses a plugin that prints anything before its handshake: the first line is the handshake, whatever it is.", Must, RoleWords.NoiseBefore, "its plugin has printed a line before its handshake", waits: true),
        Refused("partial", "Half a handshake, and the end", "A host refuses a plugin whose output ends within the first line.", Must, RoleWords.Partial, "its plugin has printed half of a handshake and closed its output", waits: true),
        Refused("stalled", "Half a handshake, and no more", "A host gives up a plugin that does not end its first line, in its own time for a start.", Must, RoleWords.Stalled, "its plugin has printed half of a handshake", waits: true),
        Refused("endless", "A line without an end", "A host gives up a plugin whose first line has no end, in its own time for a start.", Must, RoleWords.Endless, "its plugin has begun a line that has no end", waits: true),
        Refused("core-version", "Another launch protocol", "A host refuses a plugin that names another version of the launch protocol than 1.", Must, RoleWords.CoreVersion, "its plugin has named version 2 of the launch protocol", waits: true),
        Refused("application-version", "A version that was not offered", "A host refuses a plugin that names a version of the application which the host has not offered.", Must, RoleWords.ForeignVersion, "its plugin has named a version that was not offered", waits: true),
        Refused("network", "An unknown network", "A host refuses a plugin that names a network which there is not.", Must, RoleWords.UnknownNetwork, "its plugin has named the network 'pigeon'", waits: true),
        Refused("protocol", "Another protocol than gRPC", "A host that speaks gRPC refuses a plugin that names the protocol netrpc.", Must, RoleWords.NetRpc, "its plugin has named the protocol netrpc", waits: true),
        Refused("certificate", "A certificate that was not asked for", "A host without TLS refuses a plugin that sends a certificate in the sixth field, and does not crash.", Must, RoleWords.Certificate, "its plugin has sent a certificate", waits: true),
        Refused("dead-address", "A socket without a listener", "A host gives up a plugin at whose socket nobody listens, in its own time for a start.", Must, RoleWords.DeadSocket, "its plugin has named a socket at which nobody listens", waits: true),
        Refused("missing-address", "A socket that is not there", "A host gives up a plugin whose socket is not there, in its own time for a start.", Must, RoleWords.MissingSocket, "its plugin has named a socket that is not there", waits: true),
        HostCheck.Of(
            Case("foreign-address", "A socket outside the launch directory", "A host that has named a directory for sockets refuses a plugin whose socket is elsewhere: it may be anybody's.", ConformanceSource.Plugwire, Should),
            [RoleWords.SocketElsewhere],
            async (run, token) =>
            {
                await run.PrintedAsync(token).ConfigureAwait(false);
                if (!run.Plugin.Reports.Any(report => report.Word == ReportWords.Variable && report.Detail.StartsWith(LaunchVariables.SocketDirectory + "=", StringComparison.Ordinal)))
                    throw new CaseSkippedException($"The host has named no directory for sockets by {LaunchVariables.SocketDirectory}.");
                await run.RefusesAsync(run.Options.StartTimeout, "its plugin has named a socket elsewhere", token).ConfigureAwait(false);
                if (run.Plugin.Heard(ReportWords.Connected))
                    throw run.Failure("The host has connected to a socket that is not in the directory which it has named.");
            }),
        HostCheck.Of(
            Case("foreign-listener", "Another process at the socket", "A host says no word to a process that it has not started, and that listens at the plugin's address.", ConformanceSource.Plugwire, Should),
            [RoleWords.SocketOfAnother],
            SaysNothingToOthersAsync),
        Taken("two-lines", "A second line", "A host takes the first line for the handshake, and none of those behind it.", Must, RoleWords.TwoLines),
        Taken("carriage-return", "A line as Windows ends it", "A host takes a handshake that ends in a carriage return and a line feed.", Should, RoleWords.CarriageReturn),
        Taken("byte-by-byte", "A line in pieces", "A host takes a handshake that comes in pieces.", Must, RoleWords.ByteByByte),
    ];

    private static ConformanceCase Case(string name, string title, string requirement, ConformanceSource source, ConformanceLevel level) =>
        new("handshake." + name, title, requirement, source, level);

    // What comes to pass at once in most hosts, some find out by the end of their time for a start.
    private static ConformanceCheck<HostSubject> Refused(string name, string title, string requirement, ConformanceLevel level, string word, string since, bool waits = false) => HostCheck.Of(
        Case(name, title, requirement, ConformanceSource.GoPlugin, level),
        [word],
        async (run, token) =>
        {
            await run.PrintedAsync(token).ConfigureAwait(false);
            await run.RefusesAsync(waits ? run.Options.StartTimeout : run.Options.ReactionTimeout, since, token).ConfigureAwait(false);
        });

    private static ConformanceCheck<HostSubject> Taken(string name, string title, string requirement, ConformanceLevel level, string word) => HostCheck.Of(
        Case(name, title, requirement, ConformanceSource.GoPlugin, level),
        [word],
        async (run, token) =>
        {
            await run.CalledAsync(token).ConfigureAwait(false);
            await run.EndsWellAsync("its call was answered", token).ConfigureAwait(false);
        });

    private static async Task SaysNothingToOthersAsync(HostRun run, CancellationToken cancellationToken)
    {
        HostCheck.RequireLinux("Who listens at a socket is seen");
        await run.StartedAsync(cancellationToken).ConfigureAwait(false);
        var path = await run.HearAsync(ReportWords.Listen, "come to print its handshake", run.Options.ReactionTimeout, cancellationToken).ConfigureAwait(false);
        var listener = UnixSocketListener.Bind(path);
        await using var closing = listener.ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var said = FirstBytesAsync(listener, end.Token);
        await run.LetGoAsync().ConfigureAwait(false);
        await run.FailsAsync(run.Options.StartTimeout, "another process listens at the address in the plugin's handshake", cancellationToken).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        if (await said.ConfigureAwait(false))
            throw run.Failure("The host has connected to a process that it has not started, and spoken to it.");
    }

    private static async Task<bool> FirstBytesAsync(UnixSocketListener listener, CancellationToken cancellationToken)
    {
        try
        {
            // A host may try again.
            while (await listener.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection)
            {
                await using var closing = connection.ConfigureAwait(false);
                if (await connection.Stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0)
                    return true;
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // Nothing was said.
        }

        return false;
    }
}
