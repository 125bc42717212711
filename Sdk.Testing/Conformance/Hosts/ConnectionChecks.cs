using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What a host makes of a plugin that listens and does not serve.</summary>
internal static class ConnectionChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        GivenUp("mute", "A connection on which nothing is said", "A host gives up a plugin that takes its connection and says nothing on it, in its own time for a start.", RoleWords.Mute, "its plugin says nothing on the connection"),
        GivenUp("no-http2", "Something else than HTTP/2", "A host gives up a plugin that does not speak HTTP/2, in its own time for a start.", RoleWords.NoHttp2, "its plugin does not speak HTTP/2"),
        GivenUp("closed", "A connection that is closed at once", "A host gives up a plugin that closes each connection as it comes, in its own time for a start.", RoleWords.HangUp, "its plugin closes each connection as it comes"),
        GivenUp("go-away", "GOAWAY as the first word", "A host gives up a plugin that takes its leave of each connection at its beginning, in its own time for a start.", RoleWords.GoAway, "its plugin takes its leave of each connection at once"),
        HostCheck.Of(
            new("connection.pings", "PING after PING", "A host gives up a plugin that says PING without an end and reads no answer, in its own time for a start, and keeps little for it.", ConformanceSource.Grpc, Must),
            [RoleWords.Pings],
            async (run, token) =>
            {
                await run.PrintedAsync(token).ConfigureAwait(false);
                var before = run.PeakMemory();

                // Whoever stops reading, or leaves, is right; who reads on has not to answer without a bound.
                var after = await run.TryHearAsync(ReportWords.Done, run.Options.StartTimeout, token).ConfigureAwait(false) ? run.PeakMemory() : null;
                await run.FailsAsync(run.Options.StartTimeout, "its plugin says PING after PING", token).ConfigureAwait(false);
                run.RequireLittleGrowth(before, after);
            }),
    ];

    private static ConformanceCheck<HostSubject> GivenUp(string name, string title, string requirement, string word, string since) => HostCheck.Of(
        new("connection." + name, title, requirement, ConformanceSource.Grpc, Must),
        [word],
        async (run, token) =>
        {
            await run.PrintedAsync(token).ConfigureAwait(false);
            await run.FailsAsync(run.Options.StartTimeout, since, token).ConfigureAwait(false);
        });
}
