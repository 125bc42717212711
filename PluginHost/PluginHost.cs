using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Plugwire.Hosting.FirstUse;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting;

/// <summary>
/// Many plugins by their names, each started when it is first needed. Safe for use by several threads. Whoever creates it disposes it, and with it
/// all its plugins.
/// </summary>
public sealed class PluginHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, PluginSlot> _slots = new(StringComparer.Ordinal);
    private volatile bool _disposed;

    /// <summary>Creates a host without plugins.</summary>
    public PluginHost()
    {
    }

    /// <summary>The names of its plugins, in no order, whether they run or not.</summary>
    public IReadOnlyCollection<string> Names => [.. _slots.Keys];

    /// <summary>Adds a plugin. It is not started.</summary>
    /// <param name="name">What the plugin is called here; also its <see cref="PluginOptions.Name"/> when that is null.</param>
    /// <param name="options">How it is started. A copy is kept.</param>
    /// <exception cref="ArgumentException">There is a plugin of that name.</exception>
    /// <exception cref="ObjectDisposedException">The host has been disposed.</exception>
    public void Add(string name, PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = options.Copy();
        copy.Name ??= name;
        Add(name, () => copy);
    }

    /// <summary>The plugin; starts it when it does not run.</summary>
    /// <param name="name">The name under which it was added.</param>
    /// <param name="cancellationToken">Ends the waiting. The start goes on, for all who want the plugin; only stopping the plugin ends it.</param>
    /// <remarks>
    /// Callers at the same time share one start, and its failure; the next caller tries again. What has started is started again by itself when it crashes, as its options say, and stays the same
    /// <see cref="Plugin"/>; this method waits for that. When it has ended for good, the next caller starts another. The plugin belongs to the host and to all who call it: stop it by <see cref="StopAllAsync"/> or the host's disposal, and do not dispose it.
    /// </remarks>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    /// <exception cref="PluginStartException">The plugin did not start.</exception>
    /// <exception cref="PluginUnavailableException">The plugin is in quarantine (<see cref="RestartAsync"/> lets it out), or ended while this waited for its restart.</exception>
    /// <exception cref="PluginException">The plugin was stopped while it was starting.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The host has been disposed.</exception>
    public async Task<Plugin> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var plugin = await SlotOf(name).GetAsync(cancellationToken).ConfigureAwait(false);
        await plugin.WhenCallableAsync(cancellationToken).ConfigureAwait(false);
        return plugin;
    }

    /// <summary>Where a plugin stands, without starting it. One that was never asked for is <see cref="PluginState.Stopped"/>.</summary>
    /// <param name="name">The name under which it was added.</param>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    public PluginStatus GetStatus(string name) => SlotOf(name).Status;

    /// <summary>Ends a plugin's process, if it runs, and starts it again at once, as <see cref="Plugin.RestartAsync"/> does: also one in quarantine, and one that has ended for good.</summary>
    /// <param name="name">The name under which it was added.</param>
    /// <param name="cancellationToken">Ends the waiting; the restart goes on.</param>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    /// <exception cref="PluginStartException">It was not running, and did not start.</exception>
    /// <exception cref="PluginUnavailableException">It did not start again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The host has been disposed.</exception>
    public async Task RestartAsync(string name, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var slot = SlotOf(name);
        if (slot.Started is { } plugin)
            await plugin.RestartAsync(cancellationToken).ConfigureAwait(false);
        else
            await slot.GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Calls to a plugin that may not run yet: a call starts it when needed, and waits for it, no longer than its deadline. When the plugin does not start, the call
    /// fails with <see cref="StatusCode.Unavailable"/> and <see cref="PluginCallReason.NotStarted"/>; the inner exception says why. It stays good when the plugin is started again.
    /// </summary>
    /// <param name="name">The name under which it was added.</param>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    public CallInvoker GetCallInvoker(string name)
    {
        var slot = SlotOf(name);
        return new DeferredCallInvoker(new DeferredStart(
            name,
            () => slot.Started?.CallInvoker,
            async token => (await slot.GetAsync(token).ConfigureAwait(false)).CallInvoker,
            slot.Options.TimeProvider ?? TimeProvider.System));
    }

    /// <summary>A typed contract on <see cref="GetCallInvoker"/>.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="name">The name under which the plugin was added.</param>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    public TContract GetContract<TContract>(string name)
        where TContract : class, IContract<TContract> => TContract.Definition.CreateClient(GetCallInvoker(name), SlotOf(name).Options.TimeProvider);

    /// <summary>A client on <see cref="GetCallInvoker"/>.</summary>
    /// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
    /// <param name="name">The name under which the plugin was added.</param>
    /// <exception cref="KeyNotFoundException">There is no plugin of that name.</exception>
    public TClient CreateClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(string name)
        where TClient : ClientBase<TClient> => ClientFactory.Create<TClient>(GetCallInvoker(name));

    /// <summary>Starts all plugins that do not run, all at once.</summary>
    /// <param name="cancellationToken">Ends the waiting, as in <see cref="GetAsync"/>.</param>
    /// <exception cref="PluginStartException">One plugin did not start; the others run.</exception>
    /// <exception cref="AggregateException">Several did not start; the others run.</exception>
    public Task StartAllAsync(CancellationToken cancellationToken = default) => StartAsync(static _ => true, cancellationToken);

    /// <summary>Stops all plugins that run or start, all at once. Each may be started again afterwards.</summary>
    /// <param name="cancellationToken">Cuts the patience short: what still runs is killed. The task never ends before the plugins have.</param>
    public Task StopAllAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(_slots.Values.Select(slot => slot.StopAsync(forGood: false, cancellationToken)));

    /// <summary>Stops all plugins, all at once; none can be started again. Returns within the longest of their budgets. May be called again, and at any time.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await Task.WhenAll(_slots.Values.Select(slot => slot.StopAsync(forGood: true, CancellationToken.None))).ConfigureAwait(false);
    }

    internal void Add(string name, Func<PluginOptions> options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_slots.TryAdd(name, new PluginSlot(name, options)))
            throw new ArgumentException($"There is a plugin '{name}' already. A name stands for one plugin.", nameof(name));
    }

    internal async Task StartAsync(Func<PluginOptions, bool> which, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var starts = Task.WhenAll(_slots.Values.Where(slot => which(slot.Options)).Select(slot => GetAsync(slot.Name, cancellationToken)));
        await ((Task)starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starts.Exception is { InnerExceptions.Count: > 1 } failures)
            throw new AggregateException(failures.InnerExceptions);
        await starts.ConfigureAwait(false);
    }

    private PluginSlot SlotOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _slots.TryGetValue(name, out var slot)
            ? slot
            : throw new KeyNotFoundException($"There is no plugin '{name}'. There {(_slots.IsEmpty ? "is none" : "are: " + string.Join(", ", _slots.Keys.Order(StringComparer.Ordinal)))}.");
    }
}
