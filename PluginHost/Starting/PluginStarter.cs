using System.Collections.Frozen;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Checking;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Handshaking;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Limits;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Output;
using Plugwire.Hosting.Running;
using Plugwire.Hosting.Stopping;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Hosting.Starting;

/// <summary>Starts a plugin, step by step.</summary>
internal static partial class PluginStarter
{
    private const string AwaitedHandshake = "a handshake on the plugin's standard output.";

    // HTTP/2 has no limit of its own here: two clocks with the same limit would take turns at what the failure is called.
    private static readonly TimeSpan LimitOfTheStart = Timeout.InfiniteTimeSpan;

    /// <summary>The whole way from options to a plugin that serves. When it throws, nothing of the plugin is left.</summary>
    /// <param name="options">How; nobody changes them meanwhile.</param>
    /// <param name="progress">Told of each step that begins.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="PluginStartException">A step failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<PluginRun> StartAsync(PluginOptions options, Action<PluginStartStage> progress, CancellationToken cancellationToken)
    {
        var attempt = new PluginStartAttempt(options.EffectiveName, options.TimeProvider ?? TimeProvider.System) { Progress = progress };
        RequireValid(options, attempt);
        cancellationToken.ThrowIfCancellationRequested();

        var plugin = new LaunchedPlugin(options.EffectiveName, options.LoggerFactory, options.TimeProvider!) { MaxLogLinesPerSecond = options.MaxLogLinesPerSecond };
        try
        {
            using var budget = new StartBudget(plugin, attempt, options.StartTimeout, cancellationToken);
            var command = await budget.RunInSystemAsync(
                PluginStartStage.Resolve, "the plugin's program.",
                token => LaunchThreads.Shared.RunAsync(() => options.Runner.Resolve(options.FileName, [.. options.Arguments], attempt), token)).ConfigureAwait(false);
            plugin.Directory = await budget.RunInSystemAsync(
                PluginStartStage.LaunchDirectory, "a fresh directory.",
                token => LaunchThreads.Shared.RunAsync(() => LaunchDirectory.Create(options.LaunchDirectoryRoot, attempt, plugin.Logger), token),
                directory => directory.DisposeAsync()).ConfigureAwait(false);
            var environment = await budget.RunInSystemAsync(
                PluginStartStage.LaunchDirectory, "the plugin's settings in its launch directory.",
                token => Task.Run(() => LaunchEnvironment.CreateAsync(options, plugin.Directory, attempt, token), token)).ConfigureAwait(false);
            if (options.Integrity.MakesCopy)
                command = await CopyStep.RunAsync(options, plugin.Directory, budget, attempt, plugin.Logger).ConfigureAwait(false);
            var process = await budget.RunInSystemAsync(
                PluginStartStage.Spawn, "a process.",
                _ => options.Runner.StartAsync(ToStart(command, options, environment, plugin), attempt), late => late.DisposeAsync()).ConfigureAwait(false);
            plugin.Adopt(process, attempt);

            var handshake = await budget.RunAsync(
                PluginStartStage.Handshake, AwaitedHandshake, token => ReadHandshakeAsync(plugin, options, budget, attempt, token)).ConfigureAwait(false);

            var endpoint = new PluginEndpoint(options.Runner, handshake.Address, plugin.Process.Id, options.TimeProvider!, plugin.Logger);
            using var connecting = budget.Narrow(options.ConnectTimeout, nameof(options.ConnectTimeout));
            plugin.Connections = await connecting.RunAsync(
                PluginStartStage.Connect, $"an HTTP/2 server on the socket '{handshake.Address}'.",
                token => PluginConnector.ConnectAsync(endpoint, ToControl(options, plugin), ToCalls(options, plugin), attempt, token)).ConfigureAwait(false);
            if (options.HostContracts.Count > 0)
            {
                plugin.Connections.Callbacks = await connecting.RunAsync(
                    PluginStartStage.Connect, "an HTTP/2 client on the connection for calls back into the host.",
                    token => HostConnector.ConnectAsync(endpoint, plugin.Connections.Control.CallInvoker, options.HostContracts, ToCallbacks(options, plugin), attempt, token)).ConfigureAwait(false);
            }

            var capabilities = await connecting.RunAsync(
                PluginStartStage.Check, "answers to the first health check, and to the question for its capabilities.",
                token => CheckAsync(plugin.Connections.Control.CallInvoker, attempt, token)).ConfigureAwait(false);
            if (options.Contracts.Count > 0 && options.ContractCheck != ContractCheck.Off)
            {
                var step = new ContractStep(attempt, options.ContractCheck, plugin.Logger);
                await connecting.RunAsync(
                    PluginStartStage.Contracts, "the answers of its reflection service.",
                    token => step.RunAsync(plugin.Connections.Control.CallInvoker, options.Contracts, token)).ConfigureAwait(false);
            }

            plugin.DrainConsole();
            Log.Started(plugin.Logger, plugin.Name, plugin.Process.Id, handshake.ApplicationVersion, attempt.Elapsed.TotalMilliseconds);
            await plugin.FlushLogAsync().ConfigureAwait(false);
            return new LaunchedRun(
                plugin, handshake.ApplicationVersion, capabilities, new StopBudgets(options.DrainTimeout, options.TerminateTimeout, options.KillTimeout), options.TimeProvider!);
        }
        catch (Exception failure)
        {
            plugin.Decision = HostDecision.Stop;
            await plugin.DisposeAsync().ConfigureAwait(false);
            if (failure is not OperationCanceledException)
                Log.NotStarted(plugin.Logger, failure, plugin.Name);
            await plugin.FlushLogAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void RequireValid(PluginOptions options, PluginStartAttempt attempt)
    {
        var mistakes = PluginOptionsValidator.MistakesIn(options);
        if (mistakes.Count > 0)
            throw attempt.Fail(PluginStartStage.Resolve, PluginStartReason.InvalidOptions, string.Join(" ", mistakes), "options that can be used.");
    }

    private static ChildStart ToStart(PluginCommand command, PluginOptions options, IReadOnlyDictionary<string, string> environment, LaunchedPlugin plugin)
    {
        // A plugin finds its files where it lies. A program of the search path lies where its own files are, not those of the plugin that it runs.
        var directory = options.WorkingDirectory ?? command.ProgramDirectory ?? Path.GetDirectoryName(options.FileName) ?? "";
        return new ChildStart
        {
            FileName = command.FileName,
            Arguments = command.Arguments,
            WorkingDirectory = Path.GetFullPath(directory, AppContext.BaseDirectory),
            Environment = environment,
            LaunchDirectory = plugin.Directory?.Path,
            Limits = ChildLimits.Of(options.Limits, options.Hardened),
            Logger = plugin.Logger,
        };
    }

    private static async Task<HandshakeLine> ReadHandshakeAsync(
        LaunchedPlugin plugin, PluginOptions options, StartBudget budget, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var outcome = await plugin.Handshake.WaitAsync(cancellationToken).ConfigureAwait(false);
        string? RefuseAddress(string address) => options.Runner.RefuseAddress(address, plugin.Directory!);

        // A process that ends closes its output a moment before. When it said nothing, its end is the news; when it did, its end is part of it.
        if (outcome.Kind == HandshakeOutcomeKind.Ended && await plugin.EndsWithinAsync(LaunchedPlugin.ExitAfterLoss, cancellationToken).ConfigureAwait(false) && outcome.Bytes.IsEmpty)
            throw await budget.ExitedEarlyAsync(PluginStartStage.Handshake, AwaitedHandshake, innerException: null).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return HandshakeReader.Read(outcome, options.EffectiveProtocolVersions, RefuseAddress, attempt);
        }
        catch (PluginStartException)
        {
            // A program that is no plugin, or not one of ours, says so on standard error and often ends: both are part of the failure, and may come a moment later.
            await plugin.EndsWithinAsync(LaunchedPlugin.ExitAfterLoss, cancellationToken).ConfigureAwait(false);
            return HandshakeReader.Read(outcome, options.EffectiveProtocolVersions, RefuseAddress, attempt);
        }
    }

    // Both at once, so that the second question costs no time of its own. When both fail, what the health check says is told.
    private static async Task<FrozenSet<string>> CheckAsync(CallInvoker control, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var health = HealthCheck.RequireServingAsync(control, attempt, cancellationToken);
        var capabilities = CapabilitiesCall.AskAsync(control, attempt, cancellationToken);
        await Task.WhenAll(health, capabilities).ConfigureAwait(false);
        return await capabilities.ConfigureAwait(false);
    }

    // The limits in the options are those of the application's messages: health check, stop and console have their own.
    private static RpcClientOptions ToControl(PluginOptions options, LaunchedPlugin plugin) => new()
    {
        PrefaceTimeout = LimitOfTheStart,
        MaxIdleFramesPerSecond = options.MaxIdleFramesPerSecond,
        TimeProvider = options.TimeProvider,
        Logger = plugin.Logger,
        ExplainDisconnect = plugin.ExplainLossAsync,
        ExplainLeave = plugin.ExplainLeave,
        CreateException = plugin.ToException,
    };

    private static RpcClientOptions ToCalls(PluginOptions options, LaunchedPlugin plugin) => new()
    {
        PrefaceTimeout = LimitOfTheStart,
        MaxReceiveMessageSize = options.MaxReceiveMessageSize,
        MaxSendMessageSize = options.MaxSendMessageSize,
        MaxMetadataSize = options.MaxMetadataSize,
        MaxIdleFramesPerSecond = options.MaxIdleFramesPerSecond,
        KeepAlivePingDelay = options.KeepAlivePingDelay,
        KeepAlivePingTimeout = options.KeepAlivePingTimeout,
        TimeProvider = options.TimeProvider,
        Logger = plugin.Logger,
        ExplainDisconnect = plugin.ExplainLossAsync,
        ExplainLeave = plugin.ExplainLeave,
        CreateException = plugin.ToException,
        ObserveCall = options.ObserveCall,
    };

    private static RpcServerOptions ToCallbacks(PluginOptions options, LaunchedPlugin plugin) => new()
    {
        PeerName = $"plugin:{plugin.Name}",
        PrefaceTimeout = LimitOfTheStart,
        MaxReceiveMessageSize = options.MaxReceiveMessageSize,
        MaxSendMessageSize = options.MaxSendMessageSize,
        MaxMetadataSize = options.MaxMetadataSize,
        MaxIdleFramesPerSecond = options.MaxIdleFramesPerSecond,
        KeepAlivePingDelay = options.KeepAlivePingDelay,
        KeepAlivePingTimeout = options.KeepAlivePingTimeout,
        DetailedErrors = options.DetailedErrors,
        TimeProvider = options.TimeProvider,
        Logger = plugin.Logger,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Plugin '{Plugin}' (process {ProcessId}) serves protocol version {Version}, {Milliseconds:0} ms after the start began.")]
        public static partial void Started(ILogger logger, string plugin, int processId, int version, double milliseconds);

        [LoggerMessage(2, LogLevel.Error, "Plugin '{Plugin}' did not start.")]
        public static partial void NotStarted(ILogger logger, Exception failure, string plugin);
    }
}
