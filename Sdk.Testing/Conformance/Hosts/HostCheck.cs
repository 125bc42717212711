using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>Makes checks of what a host does with a plugin that plays a role.</summary>
internal static class HostCheck
{
    private static readonly Dictionary<string, string> NoVariables = new(StringComparer.Ordinal);

    /// <param name="item">The case.</param>
    /// <param name="words">The plugin's role.</param>
    /// <param name="run">Looks at the run of the host.</param>
    /// <param name="variables">More of the host's environment.</param>
    public static ConformanceCheck<HostSubject> Of(
        ConformanceCase item, IReadOnlyList<string> words, Func<HostRun, CancellationToken, Task> run, IReadOnlyDictionary<string, string>? variables = null) => new(item, async (subject, token) =>
    {
        var host = await subject.LaunchAsync(words, variables ?? NoVariables).ConfigureAwait(false);
        await using var ending = host.ConfigureAwait(false);
        try
        {
            await run(host, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw host.Failure("The case has not come to its end in its time.");
        }
    });

    public static void RequireLinux(string what)
    {
        if (!OperatingSystem.IsLinux())
            throw new CaseSkippedException($"{what} on Linux only.");
    }
}
