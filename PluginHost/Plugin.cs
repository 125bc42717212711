using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Starting;
using Plugwire.Hosting.Stopping;
using Plugwire.Hosting.Supervising;

namespace Plugwire.Hosting;

/// <summary>
/// One running plugin. Safe for use by several threads. Whoever starts it disposes it; until then it runs, and when the host's process ends in
/// whatever way, the plugin does too.
/// </summary>
public sealed class Plugin : IAsyncDisposable
{
    private readonly LaunchedPlugin _plugin;
    private readonly PluginSupervisor _supervisor;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _answerTimeout;
    private readonly FrozenSet<string> _capabilities;

    private Plugin(StartedPlugin started, PluginOptions options)
    {
        _plugin = started.Plugin;
        _timeProvider = options.TimeProvider;
        _answerTimeout = options.ConnectTimeout;
        _capabilities = started.Capabilities;
        ProtocolVersion = started.ProtocolVersion;
        CallInvoker = options.Interceptors.Count == 0
            ? _plugin.Connections.Calls.CallInvoker
            : _plugin.Connections.Calls.CallInvoker.Intercept([.. options.Interceptors]);
        _supervisor = new PluginSupervisor(
            _plugin, new StopBudgets(options.DrainTimeout, options.TerminateTimeout, options.KillTimeout), _timeProvider, _plugin.Logger);
    }

    /// <summary>The plugin's name in logs and errors.</summary>
    public string Name => _plugin.Name;

    /// <summary>The process that runs the plugin; of a plugin that a runtime or a script starts, that one's.</summary>
    public int ProcessId => _plugin.Process.Id;

    internal ChildProcess Process => _plugin.Process;

    /// <summary>The version of the application's contract that the plugin has chosen of those that the host offered.</summary>
    public int ProtocolVersion { get; }

    /// <summary>
    /// Calls to the plugin, with the interceptors of its options. A call that fails throws a <see cref="PluginCallException"/>. When the plugin ends or its connection is
    /// lost, all calls end at once with <see cref="StatusCode.Unavailable"/>, and the exception says what happened.
    /// </summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>
    /// Ends with the plugin, for whatever reason, when nothing of it is left: no process, no descendants, no files. Never faults and is never cancelled.
    /// </summary>
    public Task<PluginExit> Completion => _supervisor.Completion;

    /// <summary>Starts a plugin: finds its program, starts its process, connects, checks that it serves, and that it means what the host means by the contracts in the options.</summary>
    /// <param name="options">How. A copy is kept.</param>
    /// <param name="cancellationToken">Gives the start up. What was started has ended before the task does.</param>
    /// <returns>The plugin, ready for calls. The caller disposes it.</returns>
    /// <exception cref="PluginStartException">It did not start; nothing of it is left. Says at which step and why.</exception>
    /// <exception cref="ContractMismatchException">It did not start, because calls of a contract in the options would break; a <see cref="PluginStartException"/> too.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing of the plugin is left.</exception>
    public static async Task<Plugin> StartAsync(PluginOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = options.Copy();
        return new Plugin(await PluginStarter.StartAsync(copy, cancellationToken).ConfigureAwait(false), copy);
    }

    /// <summary>Whether the plugin has an optional feature, as it said at its start. A plugin that is not made with Plugwire has none.</summary>
    /// <param name="capability">What host and plugin have agreed to call it; capitals are others than small letters.</param>
    public bool Supports(string capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return _capabilities.Contains(capability);
    }

    /// <summary>A typed contract of the plugin. It needs no disposal, is safe for use by several threads, and is good as long as the plugin runs.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public TContract GetContract<TContract>()
        where TContract : class, IContract<TContract> => TContract.Definition.CreateClient(CallInvoker, _timeProvider);

    /// <summary>A client of the plugin. It needs no disposal, and is good as long as the plugin runs.</summary>
    /// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
    public TClient CreateClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : ClientBase<TClient> => ClientFactory.Create<TClient>(CallInvoker);

    /// <summary>Asks the plugin whether it serves, on a connection that no load of calls can block. It has <see cref="PluginOptions.ConnectTimeout"/> to answer.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>False when the plugin says that it does not serve.</returns>
    /// <exception cref="RpcException">It did not answer, or has ended; the status says which.</exception>
    public Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default) =>
        HealthCheck.IsServingAsync(_plugin.Connections.Control.CallInvoker, AnswerDeadline, cancellationToken);

    /// <summary>Changes the lowest level that the plugin logs. It has <see cref="PluginOptions.ConnectTimeout"/> to answer.</summary>
    /// <param name="minimum">The lowest level; <see cref="LogLevel.None"/> silences it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is none of the log levels.</exception>
    /// <exception cref="NotSupportedException">The plugin is none of Plugwire's, or an older one.</exception>
    /// <exception cref="RpcException">It did not answer, or has ended; the status says which.</exception>
    public Task SetMinimumLogLevelAsync(LogLevel minimum, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(minimum))
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "It is none of the log levels.");

        return LogLevelCall.SetAsync(_plugin.Connections.Control.CallInvoker, minimum, AnswerDeadline, cancellationToken);
    }

    /// <summary>
    /// Stops the plugin: asks it to finish and end, then sends the terminate signal, then kills it with all that it has started. Returns within the sum of
    /// <see cref="PluginOptions.DrainTimeout"/>, <see cref="PluginOptions.TerminateTimeout"/> and <see cref="PluginOptions.KillTimeout"/> and a little more, whatever
    /// the plugin does. May be called again, and at any time: all calls join the same stop.
    /// </summary>
    /// <param name="cancellationToken">Cuts the patience short: the plugin is killed at once. The task still ends normally, and only when nothing of the plugin is left.</param>
    /// <returns>The report, as in <see cref="Completion"/>.</returns>
    public Task<PluginExit> StopAsync(CancellationToken cancellationToken = default) => _supervisor.StopAsync(cancellationToken);

    /// <summary>The same as <see cref="StopAsync"/>. Never throws.</summary>
    public async ValueTask DisposeAsync() => await _supervisor.StopAsync(CancellationToken.None).ConfigureAwait(false);

    private DateTime AnswerDeadline => _timeProvider.GetUtcNow().UtcDateTime + _answerTimeout;
}
