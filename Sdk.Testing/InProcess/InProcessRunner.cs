using System.Collections.Concurrent;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Launching;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Testing.InProcess;

/// <summary>Runs a plugin within this process, behind everything that stands between a host and a plugin's process: environment, handshake, output, signals.</summary>
/// <param name="name">The plugin's name in what it tells.</param>
/// <param name="build">Puts the plugin together, once for each launch.</param>
/// <param name="inMemory">Whether its connections are memory; else they are Unix domain sockets.</param>
internal sealed class InProcessRunner(string name, Func<InProcessChild, string[], LaunchContext, PluginApplication> build, bool inMemory) : PluginRunner
{
    private readonly ConcurrentDictionary<string, MemoryListener> _listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<InProcessChild> _children = [];

    /// <summary>What it has started, the latest last.</summary>
    public IReadOnlyCollection<InProcessChild> Children => _children;

    // There is no program to look for.
    public override PluginCommand Resolve(string fileName, IReadOnlyList<string> arguments, PluginStartAttempt attempt) => new(fileName, arguments);

    public override Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
    {
        var child = new InProcessChild(start, name, build, inMemory ? ListenInMemory : null);
        _children.Enqueue(child);
        return Task.FromResult<ChildProcess>(child);
    }

    // What is in memory leaves no socket on disk.
    public override string? RefuseAddress(string address, Hosting.Launching.LaunchDirectory directory) =>
        !inMemory ? base.RefuseAddress(address, directory)
        : _listeners.ContainsKey(address) ? null
        : $"nobody listens at '{address}' in memory.";

    public override async Task<TransportConnection> ConnectAsync(string address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (!inMemory)
            return await base.ConnectAsync(address, timeProvider, cancellationToken).ConfigureAwait(false);

        return _listeners.TryGetValue(address, out var listener)
            ? await listener.ConnectAsync(cancellationToken).ConfigureAwait(false)
            : throw new IOException($"Cannot connect to '{address}': nobody listens there in memory.");
    }

    private MemoryListener ListenInMemory(string address) => _listeners[address] = new MemoryListener(address);
}
