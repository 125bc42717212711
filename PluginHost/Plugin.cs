using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Running;
using Plugwire.Hosting.Starting;
using Plugwire.Hosting.Supervising;
using Plugwire.Wire.Logging;
using Plugwire.Wire.Rpc.Deferred;

namespace Plugwire.Hosting;

/// <summary>
/// One plugin, from its start to its final end: when it crashes it is started again, as <see cref="PluginOptions.Restart"/> says, and stays this object, with all contracts and clients that
/// were made from it. Safe for use by several threads. Whoever starts it disposes it; until then it runs, and when the host's process ends in whatever way, the plugin does too.
/// </summary>
public sealed class Plugin : IAsyncDisposable
{
    private readonly PluginSupervisor _supervisor;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _answerTimeout;

    /// <param name="first">What holds for the plugin over all its launches, and for the first of them.</param>
    /// <param name="next">The options of each further launch; it takes a copy.</param>
    /// <param name="after">The first start waits for it.</param>
    internal Plugin(PluginOptions first, Func<PluginOptions> next, Task after)
    {
        Name = first.EffectiveName;
        _timeProvider = first.TimeProvider ?? TimeProvider.System;
        _answerTimeout = first.ConnectTimeout;
        var isFirst = true;
        _supervisor = new PluginSupervisor(
            async (progress, token) =>
            {
                var options = isFirst ? first : next().Copy();
                isFirst = false;
                await after.WaitAsync(token).ConfigureAwait(false);
                return await PluginStarter.StartAsync(options, progress, token).ConfigureAwait(false);
            },
            new SupervisorOptions
            {
                PluginName = Name,
                Restart = first.Restart,
                Health = first.Health,
                TimeProvider = _timeProvider,
                Logger = new HarmlessLogger((first.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Plugwire.Hosting")),
            });
        var calls = new DeferredCallInvoker(new SupervisedPeer(_supervisor, _timeProvider));
        CallInvoker = first.Interceptors.Count == 0 ? calls : calls.Intercept([.. first.Interceptors]);
    }

    /// <summary>The plugin's name in logs and errors.</summary>
    public string Name { get; }

    /// <summary>Where the plugin stands: at work, ending, about to be started again, or at its end.</summary>
    public PluginState State => _supervisor.Status.State;

    /// <summary>The state with all that belongs to it: which step, which process, what went wrong so far.</summary>
    public PluginStatus Status => _supervisor.Status;

    /// <summary>The process that runs the plugin, or that ran it last; of a plugin that a runtime or a script starts, that one's. A restart brings another.</summary>
    public int ProcessId => Run.ProcessId;

    /// <summary>The process of the launch that runs, or ran last.</summary>
    internal ChildProcess Process => ((LaunchedRun)Run).Process;

    /// <summary>The version of the application's contract that the plugin has chosen of those that the host offered. Another program at a restart may choose another.</summary>
    public int ProtocolVersion => Run.ProtocolVersion;

    /// <summary>
    /// Calls to the plugin, with the interceptors of its options. A call that fails throws a <see cref="PluginCallException"/>. When the plugin ends or its connection is
    /// lost, all calls that go on end at once with <see cref="StatusCode.Unavailable"/>, and the exception says what happened, and whether the plugin can have executed the call. While the plugin is
    /// started again, a call fails at once with <see cref="PluginCallReason.Restarting"/>; one with <see cref="CallOptions.WithWaitForReady"/> waits for the next launch, no longer than its
    /// deadline. In quarantine both fail.
    /// </summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>
    /// Ends with the plugin, for whatever reason, when it is not started again and nothing of it is left: no process, no descendants, no files. The report is that of the last launch. Never faults
    /// and is never cancelled. A plugin in quarantine has not ended: it may be restarted.
    /// </summary>
    public Task<PluginExit> Completion => _supervisor.Completion;

    /// <summary>Ends when the first start has; faults when it failed.</summary>
    internal Task FirstStart => _supervisor.FirstStart;

    /// <summary>Ends when the plugin has for good, whether it ever started or not. Never faults.</summary>
    internal Task Ended => _supervisor.Ended;

    internal bool IsEnding => _supervisor.IsEnding;

    private PluginRun Run => _supervisor.Run ?? throw new PluginUnavailableException(Status);

    /// <summary>Starts a plugin: finds its program, starts its process, connects, checks that it serves, and that it means what the host means by the contracts in the options.</summary>
    /// <param name="options">How. A copy is kept.</param>
    /// <param name="cancellationToken">Gives the start up. What was started has ended before the task does.</param>
    /// <returns>The plugin, ready for calls. The caller disposes it.</returns>
    /// <exception cref="PluginStartException">It did not start; nothing of it is left. Says at which step and why.</exception>
    /// <exception cref="ContractMismatchException">It did not start, because calls of a contract in the options would break; a <see cref="PluginStartException"/> too.</exception>
    /// <exception cref="PluginIntegrityException">It did not start, because its files are not those of the manifest in the options; a <see cref="PluginStartException"/> too.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing of the plugin is left.</exception>
    public static async Task<Plugin> StartAsync(PluginOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        var copy = options.Copy();
        var plugin = new Plugin(copy, () => copy, after: Task.CompletedTask);
        try
        {
            await plugin.FirstStart.WaitAsync(cancellationToken).ConfigureAwait(false);
            return plugin;
        }
        catch
        {
            // A start that was given up has nothing that would have to be ended gently.
            await plugin.StopForGoodAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Tells where the plugin stands, and each time when that changes, to the final state, with which it ends. It may be called often, and at any time.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; leaving the loop ends it too.</param>
    /// <returns>The status now, then each that follows. Who reads slowly may miss the oldest of more than 64 unread ones, never the last.</returns>
    public IAsyncEnumerable<PluginStatus> WatchStateAsync(CancellationToken cancellationToken = default) => _supervisor.WatchAsync(cancellationToken);

    /// <summary>
    /// Ends the plugin's process, as a stop does, and starts it again at once; one that waits for its restart is started now, one in quarantine is let out, and a start that goes on is joined. Past
    /// restarts are forgotten. Contracts and clients stay good.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the restart goes on.</param>
    /// <returns>Ends when the plugin can be called again.</returns>
    /// <exception cref="PluginUnavailableException">It did not start; its status says why. Or it has ended for good.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task RestartAsync(CancellationToken cancellationToken = default) => _supervisor.RestartAsync(cancellationToken);

    /// <summary>Whether the plugin has an optional feature, as it said at its start. A plugin that is not made with Plugwire has none.</summary>
    /// <param name="capability">What host and plugin have agreed to call it; capitals are others than small letters.</param>
    public bool Supports(string capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return Run.Capabilities.Contains(capability);
    }

    /// <summary>A typed contract of the plugin. It needs no disposal, is safe for use by several threads, and stays good when the plugin is started again.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public TContract GetContract<TContract>()
        where TContract : class, IContract<TContract> => TContract.Definition.CreateClient(CallInvoker, _timeProvider);

    /// <summary>A client of the plugin. It needs no disposal, and stays good when the plugin is started again.</summary>
    /// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
    public TClient CreateClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : ClientBase<TClient> => ClientFactory.Create<TClient>(CallInvoker);

    /// <summary>Asks the plugin whether it serves, on a connection that no load of calls can block. It has <see cref="PluginOptions.ConnectTimeout"/> to answer.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>False when the plugin says that it does not serve.</returns>
    /// <exception cref="RpcException">It did not answer, or has ended; the status says which.</exception>
    public Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default) =>
        HealthCheck.IsServingAsync(Run.Control, AnswerDeadline, cancellationToken);

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

        return LogLevelCall.SetAsync(Run.Control, minimum, AnswerDeadline, cancellationToken);
    }

    /// <summary>
    /// Stops the plugin for good: asks it to finish and end, then sends the terminate signal, then kills it with all that it has started. Returns within the sum of
    /// <see cref="PluginOptions.DrainTimeout"/>, <see cref="PluginOptions.TerminateTimeout"/> and <see cref="PluginOptions.KillTimeout"/> and a little more, whatever
    /// the plugin does. May be called again, and at any time: all calls join the same stop.
    /// </summary>
    /// <param name="cancellationToken">Cuts the patience short: the plugin is killed at once. The task still ends normally, and only when nothing of the plugin is left.</param>
    /// <returns>The report, as in <see cref="Completion"/>.</returns>
    public async Task<PluginExit> StopAsync(CancellationToken cancellationToken = default)
    {
        await StopForGoodAsync(cancellationToken).ConfigureAwait(false);
        return await Completion.ConfigureAwait(false);
    }

    /// <summary>The same as <see cref="StopAsync"/>. Never throws.</summary>
    public async ValueTask DisposeAsync() => await StopForGoodAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Also of a plugin that has never started, for which there is no report.</summary>
    internal Task StopForGoodAsync(CancellationToken patience) => _supervisor.StopAsync(patience);

    /// <summary>Waits through starts and restarts.</summary>
    /// <exception cref="PluginUnavailableException">It is in quarantine, or has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal Task WhenCallableAsync(CancellationToken cancellationToken) => _supervisor.WhenCallableAsync(isPatient: true, cancellationToken);

    private DateTime AnswerDeadline => _timeProvider.GetUtcNow().UtcDateTime + _answerTimeout;
}
