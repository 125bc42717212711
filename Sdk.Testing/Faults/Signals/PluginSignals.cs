using System.Globalization;
using Plugwire.Hosting;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Faults.Signals;

namespace Plugwire.Testing;

/// <summary>What happens to a plugin's process from outside: its end, a standstill. Only the process that the host started is hit, and nothing once it has ended.</summary>
public static class PluginSignals
{
    private const int SigKill = 9;

    // The kernel says a moment after the signal that all of a process's threads stand still.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);

    // Linux has numbers of its own; all others have BSD's.
    private static int SigStop => OperatingSystem.IsLinux() ? 19 : 17;

    private static int SigContinue => OperatingSystem.IsLinux() ? 18 : 19;

    /// <summary>
    /// Kills the plugin, as the system does when memory runs out: by SIGKILL to its process alone. The host takes it for a crash: <see cref="Plugin.Completion"/> says so. A plugin in the test's own process
    /// loses its connections, and what it runs is cancelled.
    /// </summary>
    /// <param name="plugin">The plugin. Its host logs the crash as an error.</param>
    /// <exception cref="InvalidOperationException">The plugin has ended.</exception>
    public static void Kill(this Plugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (OperatingSystem.IsWindows())
            plugin.Process.Kill();
        else
            Send(plugin, SigKill);
    }

    /// <summary>Freezes the plugin, by SIGSTOP: it lives and does nothing, until it is thawed or killed.</summary>
    /// <param name="plugin">A plugin in a process of its own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Ends when all of the process stands still; on other systems than Linux when it has been told to.</returns>
    /// <exception cref="InvalidOperationException">The plugin has ended.</exception>
    /// <exception cref="NotSupportedException">The plugin runs in the test's own process, or this is Windows.</exception>
    /// <exception cref="ExpectationException">It does not stand still after 30 s.</exception>
    public static async Task FreezeAsync(this Plugin plugin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        Send(plugin, SigStop);
        if (!OperatingSystem.IsLinux())
            return;

        var began = TimeProvider.System.GetTimestamp();
        while (!Standstill.IsOf(plugin.ProcessId))
        {
            if (plugin.Process.Exited.IsCompleted)
                throw Ended(plugin);
            if (TimeProvider.System.GetElapsedTime(began) > Expectation.Limit)
                throw new ExpectationException($"Plugin '{plugin.Name}' (process {plugin.ProcessId}) was to stand still, and still moves {Expectation.Limit.TotalSeconds:0} s after SIGSTOP.");
            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets a frozen plugin go on, by SIGCONT. Without effect on one that is not frozen.</summary>
    /// <param name="plugin">A plugin in a process of its own.</param>
    /// <exception cref="InvalidOperationException">The plugin has ended.</exception>
    /// <exception cref="NotSupportedException">The plugin runs in the test's own process, or this is Windows.</exception>
    public static void Thaw(this Plugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        Send(plugin, SigContinue);
    }

    private static void Send(Plugin plugin, int signal)
    {
        if (!plugin.Process.TrySignal(signal))
            throw Ended(plugin);
    }

    private static InvalidOperationException Ended(Plugin plugin) => new(string.Create(
        CultureInfo.InvariantCulture, $"Plugin '{plugin.Name}' (process {plugin.ProcessId}) has ended: there is nothing to send a signal to. {nameof(Plugin)}.{nameof(Plugin.Completion)} says how it ended."));
}
