using Plugwire.Testing.Conformance.Roles;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What a host makes of all that its plugin prints and logs while it runs.</summary>
internal static class OutputChecks
{
    public static IReadOnlyList<ConformanceCheck<HostSubject>> All { get; } =
    [
        Flood("output-lines", "Lines on standard output", "A host reads what its plugin prints to standard output after the handshake, 32 MiB of lines, so that the plugin never waits for it, and keeps little of it.", RoleWords.OutputLines),
        Flood("output-line", "A long line on standard output", "A host goes on reading standard output after the handshake when its plugin prints 256 MiB without a line break, and keeps little of it.", RoleWords.OutputLine),
        Flood("error-lines", "Lines on standard error", "A host reads what its plugin logs, 32 MiB of lines, so that the plugin never waits for it, and keeps little of it.", RoleWords.ErrorLines),
        Flood("error-line", "A long line on standard error", "A host goes on reading standard error when its plugin logs 256 MiB without a line break, and keeps little of it.", RoleWords.ErrorLine),
        Survived("odd-log", "Odd fields in the log", "A host goes on when its plugin logs JSON in which @message, @level or @timestamp is no string, or which is no object.", Must, RoleWords.OddLog),
        Survived("nested-log", "Deep JSON in the log", "A host goes on when its plugin logs JSON that is nested thousands of levels deep.", Must, RoleWords.NestedLog),
        Survived("no-text", "No text in the log", "A host goes on when its plugin logs bytes that are no text.", Must, RoleWords.NoText),
        Survived("closed", "Closed outputs", "A plugin that closes its standard output and standard error and serves on has not ended.", Must, RoleWords.ClosedOutput),
        HostCheck.Of(
            new("output.console", "The console", "A host opens plugin.GRPCStdio/StreamStdio and reads all that comes on it: a plugin that prints stands still else.", ConformanceSource.GoPlugin, Must),
            [RoleWords.Console],
            async (run, token) =>
            {
                await run.CalledAsync(token).ConfigureAwait(false);
                await run.HearAsync(ReportWords.ConsoleOpened, "been asked for its console", run.Options.ReactionTimeout, token).ConfigureAwait(false);
                await run.HearAsync(ReportWords.Done, "got rid of 8 MiB on StreamStdio", run.Options.ReactionTimeout, token).ConfigureAwait(false);
                await run.EndsWellAsync("its call was answered", token).ConfigureAwait(false);
            }),
    ];

    private static ConformanceCheck<HostSubject> Survived(string name, string title, string requirement, ConformanceLevel level, string word) => HostCheck.Of(
        new("output." + name, title, requirement, ConformanceSource.GoPlugin, level),
        [word],
        async (run, token) =>
        {
            await run.CalledAsync(token).ConfigureAwait(false);
            await run.HearAsync(ReportWords.Done, "got rid of what it logs", run.Options.ReactionTimeout, token).ConfigureAwait(false);
            await run.EndsWellAsync("its call was answered", token).ConfigureAwait(false);
        });

    private static ConformanceCheck<HostSubject> Flood(string name, string title, string requirement, string word) => HostCheck.Of(
        new("output." + name, title, requirement, ConformanceSource.GoPlugin, Must),
        [RoleWords.Held, word],
        async (run, token) =>
        {
            await run.CalledAsync(token).ConfigureAwait(false);
            var before = run.PeakMemory();
            await run.LetGoAsync().ConfigureAwait(false);
            await run.HearAsync(ReportWords.Done, "got rid of what it prints", run.Options.ReactionTimeout, token).ConfigureAwait(false);
            var after = run.PeakMemory();
            await run.LetGoAsync().ConfigureAwait(false);
            await run.EndsWellAsync("its call was answered", token).ConfigureAwait(false);
            run.RequireLittleGrowth(before, after);
        });
}
