using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What is left of a plugin whose host is killed. The plugin of the case ends with its standard input, where the host has announced that by PLUGWIRE_LIFELINE=stdin.</summary>
internal static class HostDeathChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        HostCheck.Of(
            new("host-death.calling", "Death in a call", "A host that is killed in a call leaves no plugin behind.", ConformanceSource.Plugwire, Must),
            [RoleWords.Held],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await DiesAsync(run, token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("host-death.starting", "Death in a start", "A host that is killed while it waits for the handshake leaves no plugin behind.", ConformanceSource.Plugwire, Must),
            [RoleWords.Silent],
            async (run, token) =>
            {
                await run.PrintedAsync(token).ConfigureAwait(false);
                await DiesAsync(run, token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("host-death.frozen", "Death beside a frozen plugin", "A host that is killed leaves no plugin behind that stands still, and so sees nothing of it.", ConformanceSource.Plugwire, Should),
            [RoleWords.CallFreezes],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await DiesAsync(run, token).ConfigureAwait(false);
            }),
        HostCheck.Of(
            new("host-death.children", "Death beside the plugin's children", "A host that is killed leaves nothing behind that its plugin has started, also in another session.", ConformanceSource.Plugwire, Should),
            [RoleWords.Held, RoleWords.EscapedChild],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.LetGoAsync().ConfigureAwait(false);
                await run.HearAsync(ReportWords.Done, "started its child", run.Options.ReactionTimeout, token).ConfigureAwait(false);
                await DiesAsync(run, token).ConfigureAwait(false);
                await run.NoChildLeftAsync(token).ConfigureAwait(false);
            }),
    ];

    private static async Task DiesAsync(HostRun run, CancellationToken cancellationToken)
    {
        HostCheck.RequireLinux("The host is killed");
        await run.KillAsync().ConfigureAwait(false);
        await run.NothingLeftAsync(cancellationToken).ConfigureAwait(false);
    }
}
