using System.Diagnostics;
using System.Runtime.InteropServices;
using Plugwire.Hosting;

namespace Examples.Inspect.Chaos;

/// <summary>Kills plugins, and freezes them where the system has a signal for that, at random, as long as it is let.</summary>
internal sealed partial class Monkey(IReadOnlyList<Plugin> plugins, Random random, TimeProvider timeProvider)
{
    private const int SigStop = 19;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(900);

    public int Killed { get; private set; }

    public int Frozen { get; private set; }

    /// <summary>Begins at once, and goes on until the token is cancelled, which is how it ends.</summary>
    public async Task RageAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Strike(plugins[random.Next(plugins.Count)].Status);
            var pause = ShortestPause + (random.NextDouble() * (LongestPause - ShortestPause));
            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Strike(PluginStatus plugin)
    {
        // One that is down already is left in peace.
        if (plugin is not { State: PluginState.Ready, ProcessId: { } processId })
            return;

        if (OperatingSystem.IsLinux() && random.Next(3) == 0)
        {
            if (Kill(processId, SigStop) == 0)
                Frozen++;
            return;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
            Killed++;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
