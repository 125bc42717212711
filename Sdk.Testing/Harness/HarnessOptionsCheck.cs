using Plugwire.Hosting;
using Plugwire.Hosting.Launching;

namespace Plugwire.Testing.Harness;

/// <summary>Finds what is wrong with a harness's options, before anything is started.</summary>
internal static class HarnessOptionsCheck
{
    private static readonly TimeSpan LongestStopLimit = TimeSpan.FromHours(1);

    /// <returns>A sentence for the first mistake; null when there is none.</returns>
    public static string? FindMistake(PluginHarnessOptions options)
    {
        if (options.Way == PluginWay.Process && options.PluginChanges.Count > 0)
            return $"{nameof(options.ConfigurePlugin)} changes a plugin in the test's process, and this one runs in a process of its own. Give it settings by {nameof(options.Host)}.{nameof(PluginOptions.Settings)}, or run the test in {nameof(PluginWays)}.{nameof(PluginWays.InTestProcess)} alone.";
        if (options.Way != PluginWay.Process && options.Binary is not null)
            return $"{nameof(options.Binary)} is a program, and this plugin runs in the test's process.";
        if (options.StopLimit <= TimeSpan.Zero || options.StopLimit > LongestStopLimit)
            return $"{nameof(options.StopLimit)} is more than zero and at most {LongestStopLimit}: {options.StopLimit} is not.";
        if (options.Host.Runner != PluginRunner.OwnProcess)
            return $"A harness runs its plugin itself. Faults of its connections are {nameof(options.Wire)}; a bad handshake is for a host without a harness: {nameof(Plugin)}.{nameof(Plugin.StartAsync)}.";
        if (options.Host.FileName.Length > 0)
            return OfTheHarness(nameof(PluginOptions.FileName), $"name another program by {nameof(options.Binary)}");
        if (options.Host.LaunchDirectoryRoot is not null)
            return OfTheHarness(nameof(PluginOptions.LaunchDirectoryRoot), "it is a directory of the harness's own, in which it looks for what is left");
        return options.Host.LoggerFactory is null
            ? null
            : OfTheHarness(nameof(PluginOptions.LoggerFactory), $"have the log passed on by {nameof(PluginHarnessOptions)}.{nameof(options.LoggerFactory)}");
    }

    private static string OfTheHarness(string option, string instead) => $"{nameof(PluginHarnessOptions.Host)}.{option} is for the harness to fill in: {instead}.";
}
