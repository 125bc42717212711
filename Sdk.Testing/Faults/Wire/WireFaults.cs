using Plugwire.Hosting;
using Plugwire.Testing.Faults.Wire;

namespace Plugwire.Testing;

/// <summary>
/// Faults between a host and one of its plugins: they stand in the connections that the host dials, in whatever way the plugin runs. As long as no fault is asked for everything passes unchanged. Faults may
/// be asked for before the start and at any time after it. For one plugin at a time; of one that is started again the faults go on. Safe for use by several threads.
/// </summary>
/// <remarks>
/// What is on its way is bounded: each connection holds 32 KiB more in each direction than it would without. A reader that stops stops its writer, as ever.
/// </remarks>
public sealed class WireFaults
{
    private readonly WireConnection[] _connections;
    private int _dialled;

    /// <summary>Creates a wire without faults.</summary>
    /// <param name="seed">Of everything random: the same seed makes the same jitter.</param>
    /// <param name="timeProvider">The clock of delays; null for the one of the plugin's host.</param>
    public WireFaults(int seed = 0, TimeProvider? timeProvider = null)
    {
        TimeProvider = timeProvider;
        _connections = [.. Enumerable.Range(0, 3).Select(index => new WireConnection(unchecked((seed * 397) + (index * 2))))];
    }

    /// <summary>The connection for the host's own questions: health, shutdown, console, log level. The first that the host dials.</summary>
    public WireConnection Control => _connections[0];

    /// <summary>The connection for the calls of the plugin. The second that the host dials.</summary>
    public WireConnection Calls => _connections[1];

    /// <summary>The connection for the plugin's calls to the host, which there is when the host offers contracts: the third.</summary>
    public WireConnection Callbacks => _connections[2];

    internal TimeProvider? TimeProvider { get; }

    /// <summary>Puts these faults into the connections of a host's plugin. A harness takes them as <see cref="PluginHarnessOptions.Wire"/> instead.</summary>
    /// <param name="options">The plugin's.</param>
    /// <returns>The same options.</returns>
    public PluginOptions AttachTo(PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Runner = new WireRunner(options.Runner, this);
        return options;
    }

    /// <inheritdoc cref="WireDirection.SliceIntoBytes"/>
    public void SliceIntoBytes() => ForAll(connection => connection.SliceIntoBytes());

    /// <inheritdoc cref="WireDirection.Delay"/>
    public void Delay(TimeSpan shortest, TimeSpan longest) => ForAll(connection => connection.Delay(shortest, longest));

    /// <inheritdoc cref="WireDirection.BlackHole"/>
    public void BlackHole() => ForAll(connection => connection.BlackHole());

    /// <inheritdoc cref="WireDirection.Heal"/>
    public void Heal() => ForAll(connection => connection.Heal());

    internal void BeginLaunch() => Volatile.Write(ref _dialled, 0);

    // A host that dials more often than it has uses for is not ours; its last connections share their faults.
    internal WireConnection NextConnection() => _connections[Math.Min(Interlocked.Increment(ref _dialled), _connections.Length) - 1];

    private void ForAll(Action<WireConnection> fault)
    {
        foreach (var connection in _connections)
            fault(connection);
    }
}
