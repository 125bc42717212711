using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>How a host stops its plugin, which ends well, late, or not at all. However that is, the host's command ends with 0: the plugin has answered its call.</summary>
internal static class StopChecks
{
    private const string Since = "its call was answered";

    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        HostCheck.Of(
            new("stop.asked", "The end that is asked for", "A host asks its plugin to end, by plugin.GRPCController/Shutdown, before it sends it any signal.", ConformanceSource.GoPlugin, Must),
            [],
            async (run, token) =>
            {
                await StopsAsync(run, token).ConfigureAwait(false);
                if (run.Plugin.Reports.Select(report => report.Word).FirstOrDefault(word => word is ReportWords.Shutdown or ReportWords.Terminate or ReportWords.InputEnded) != ReportWords.Shutdown)
                    throw run.Failure("The host has ended its plugin without asking it to end first.");
            }),
        HostCheck.Of(
            new("stop.patience", "Time to end", "A host gives a plugin that was asked to end at least a second for it.", ConformanceSource.GoPlugin, Must),
            [RoleWords.SlowEnd],
            async (run, token) =>
            {
                await StopsAsync(run, token).ConfigureAwait(false);
                if (!run.Plugin.Heard(ReportWords.Ends))
                    throw run.Failure("The plugin was asked to end, needed one second for it, and was ended before.");
                if (run.Plugin.Heard(ReportWords.Terminate))
                    throw run.Failure("The plugin was asked to end, needed one second for it, and got the terminate signal before.");
            }),
        Stops("unanswered", "An end without an answer", "A plugin that ends before it answers Shutdown has stopped well: go-plugin's own do so.", ConformanceSource.GoPlugin, Must, RoleWords.EndsUnanswered),
        Stops("no-controller", "A plugin that cannot be asked", "A host ends a plugin that does not serve plugin.GRPCController.", ConformanceSource.GoPlugin, Must, RoleWords.NoController),
        Stops("deaf", "A plugin that does not listen", "A host ends a plugin that was asked to end and does not.", ConformanceSource.GoPlugin, Must, RoleWords.Deaf),
        HostCheck.Of(
            new("stop.terminate", "The terminate signal", "A host sends SIGTERM to a plugin that does not end when it was asked to, before it kills it.", ConformanceSource.Plugwire, Should),
            [RoleWords.Deaf],
            async (run, token) =>
            {
                await StopsAsync(run, token).ConfigureAwait(false);
                if (!run.Plugin.Heard(ReportWords.Terminate))
                    throw run.Failure("The plugin did not end when it was asked to, and was killed without having got the terminate signal.");
            }),
        Stops("stubborn", "A plugin that ignores signals", "A host ends a plugin that heeds neither the question nor SIGTERM.", ConformanceSource.Plugwire, Must, RoleWords.IgnoresTerminate),
        Stops("frozen", "A plugin that stands still", "A host ends a plugin that freezes when it is asked to end, and never answers.", ConformanceSource.Plugwire, Must, RoleWords.Freezes),
        Stops("held-pipes", "A child that holds the outputs", "A host does not wait for the ends of its plugin's outputs, which a child of the plugin's may hold for ever: it ends in its time.", ConformanceSource.Plugwire, Must, RoleWords.EscapedChild),
        NoChild("children", "The plugin's children", "What a plugin has started ends with it.", RoleWords.Child),
        NoChild("escaped-children", "Children in a session of their own", "What a plugin has started ends with it, also in another session and process group.", RoleWords.EscapedChild),
        HostCheck.Of(
            new("stop.leaves-nothing", "Files", "A host leaves no file, directory or socket behind in the directory for temporary files.", ConformanceSource.Plugwire, Should),
            [],
            async (run, token) =>
            {
                await StopsAsync(run, token).ConfigureAwait(false);
                if (run.Leftovers() is { Count: > 0 } left)
                    throw run.Failure($"The host has ended and left behind in TMPDIR: {string.Join(", ", left.Take(10))}.");
            }),
    ];

    private static ConformanceCheck<HostSubject> Stops(string name, string title, string requirement, ConformanceSource source, ConformanceLevel level, string word) =>
        HostCheck.Of(new("stop." + name, title, requirement, source, level), [word], StopsAsync);

    private static ConformanceCheck<HostSubject> NoChild(string name, string title, string requirement, string word) => HostCheck.Of(
        new("stop." + name, title, requirement, ConformanceSource.Plugwire, Should),
        [word],
        async (run, token) =>
        {
            HostCheck.RequireLinux("What a plugin has started is seen");
            await StopsAsync(run, token).ConfigureAwait(false);
            await run.NoChildLeftAsync(token).ConfigureAwait(false);
        });

    private static async Task StopsAsync(HostRun run, CancellationToken cancellationToken)
    {
        await run.CalledAsync(cancellationToken).ConfigureAwait(false);
        await run.EndsWellAsync(Since, cancellationToken).ConfigureAwait(false);
    }
}
