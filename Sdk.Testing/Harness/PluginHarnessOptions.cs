using Microsoft.Extensions.Logging;
using Plugwire.Hosting;

namespace Plugwire.Testing;

/// <summary>How a harness runs a plugin. Made for one harness, and not safe for use by several threads.</summary>
public sealed class PluginHarnessOptions
{
    internal PluginHarnessOptions(PluginWay way) => Way = way;

    /// <summary>The way in which the plugin runs.</summary>
    public PluginWay Way { get; }

    /// <summary>
    /// The host's options: settings and contracts for the plugin, limits, interceptors, budgets. The harness fills in the program, the launch directory and the log, and refuses them here. Its
    /// budgets are wider than a host's, because tests run on busy machines: 60 s for a start, 30 s for a stop to be heeded, 10 s for each further step of it. A plugin that ends
    /// is not started again, and is not asked for its health, unless the test is about that and says so: a crash is to be seen, and a clock that is moved by hand is not to make a plugin late. Its
    /// <see cref="PluginOptions.Environment"/> and <see cref="PluginOptions.WorkingDirectory"/> are a process's: a plugin in the test's process has those of the test.
    /// </summary>
    public PluginOptions Host { get; } = new()
    {
        StartTimeout = TimeSpan.FromSeconds(60),
        ConnectTimeout = TimeSpan.FromSeconds(60),
        DrainTimeout = TimeSpan.FromSeconds(30),
        TerminateTimeout = TimeSpan.FromSeconds(10),
        KillTimeout = TimeSpan.FromSeconds(10),
        Restart = { Policy = PluginRestartPolicy.Never },
        Health = { Interval = Timeout.InfiniteTimeSpan },
        MinimumLogLevel = LogLevel.Debug,
    };

    /// <summary>
    /// The program for <see cref="PluginWay.Process"/>. Null, the default, is the one whose assembly has the plugin's class, beside the test: see <see cref="PluginBinary.Of{TPlugin}"/>.
    /// </summary>
    public PluginBinary? Binary { get; set; }

    /// <summary>
    /// The clock of the host and, where the plugin runs in the test's process, of the plugin: of deadlines, budgets and whatever asks dependency injection for a <see cref="System.TimeProvider"/>. Null, the default, is the
    /// system's. The harness itself goes by the system's clock in any case, so that a disposal ends.
    /// </summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Takes the log as lines while the harness lives, and never after it has been disposed of. Null, the default, is nowhere.</summary>
    public Action<string>? Output { get; set; }

    /// <summary>Takes the log as well. Null, the default, is nobody. It is the caller's.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Faults in the connections between host and plugin. Null, the default, leaves the connections as they are.</summary>
    public WireFaults? Wire { get; set; }

    /// <summary>
    /// How long a disposal waits, by the system's clock, for the plugin to stop before it has it killed; 60 s by default, an hour at most. The budgets of <see cref="Host"/> count within it.
    /// </summary>
    public TimeSpan StopLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long what still runs of a plugin in the test's process is waited for when the host has seen its end. One that was killed takes some seconds to drain and to dispose of its services.</summary>
    internal TimeSpan RestLimit { get; set; } = TimeSpan.FromSeconds(10);

    internal List<Action<IPluginBuilder>> PluginChanges { get; } = [];

    /// <summary>
    /// Changes the plugin after it has put itself together: what is registered here wins over the plugin's own registrations, and configuration added here over what it has read. Only where
    /// the plugin runs in the test's process; a process takes <see cref="PluginOptions.Settings"/> of <see cref="Host"/>.
    /// </summary>
    /// <param name="change">Called at the start.</param>
    /// <returns>These options.</returns>
    public PluginHarnessOptions ConfigurePlugin(Action<IPluginBuilder> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        PluginChanges.Add(change);
        return this;
    }
}
