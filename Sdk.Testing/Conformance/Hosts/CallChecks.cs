using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>A plugin that serves, and what becomes of the host's call.</summary>
internal static class CallChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        HostCheck.Of(
            new("call.answered", "A plugin that does all right", "A host starts a plugin that does all right, calls it, stops it, and ends with exit code 0.", ConformanceSource.GoPlugin, Must),
            [],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.EndsWellAsync("its call was answered", token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("call.not-serving", "A plugin that does not serve", "A host refuses a plugin whose health check says NOT_SERVING.", ConformanceSource.Grpc, Should),
            [RoleWords.NotServing],
            async (run, token) =>
            {
                await run.PrintedAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.StartTimeout, "its plugin has said that it does not serve", token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("call.fails", "A call that fails", "A host whose call ends with a status of failure sees it, and stops the plugin as ever: it asks it to end.", ConformanceSource.Grpc, Must),
            [RoleWords.CallFails],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.StopTimeout, "its call has failed", token).ConfigureAwait(false);
                if (!run.Plugin.Heard(ReportWords.Shutdown))
                    throw run.Failure("The host's call has failed, and it has ended its plugin without asking it to end.");
            }),
        HostCheck.Of(
            new("call.too-large", "An answer without measure", "A host has a limit for what it takes from a plugin: a call whose answer has 64 MiB fails.", ConformanceSource.Plugwire, Should),
            [RoleWords.TooLarge],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.StopTimeout, "its call was answered with 64 MiB", token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("call.death", "The plugin's death", "A host whose plugin dies in a call sees it at once, and gives the call up.", ConformanceSource.GoPlugin, Must),
            [RoleWords.CallDies],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.ReactionTimeout, "its plugin was killed in a call", token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("call.frozen", "A plugin that stands still", "A host whose plugin freezes in a call notices it, and gives the call up.", ConformanceSource.Plugwire, Should),
            [RoleWords.CallFreezes],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.StartTimeout, "its plugin stands still in a call", token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("call.connection-lost", "The loss of the connection", "A host whose connection is lost in a call sees it at once, gives the call up, and leaves no plugin behind.", ConformanceSource.Grpc, Must),
            [RoleWords.CallCuts],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.FailsAsync(run.Options.StopTimeout, "its connection was lost in a call", token).ConfigureAwait(false);
            }),
    ];
}
