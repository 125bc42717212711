using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Harness;
using Plugwire.Testing.Leaks;
using Plugwire.Testing.Probes.Metering;

namespace Plugwire.Testing;

/// <summary>
/// A plugin that runs for one test, and the host of it. Host and plugin speak the real protocol, from the launch to the stop, whichever <see cref="PluginWay"/> it runs. Many harnesses run
/// side by side without a clash. Safe for use by several threads.
/// </summary>
public sealed class PluginHarness : IAsyncDisposable
{
    private readonly PluginHarnessOptions _options;
    private readonly HarnessRun _run;
    private readonly HarnessCleanup _cleanup;
    private readonly ObservedCalls _observed;
    private readonly long _began;
    private readonly Lock _gate = new();
    private Task? _disposal;

    private PluginHarness(Plugin plugin, PluginHarnessOptions options, HarnessRun run, HarnessCleanup cleanup, ObservedCalls observed, RecordedLogs logs, long began)
    {
        Plugin = plugin;
        Logs = logs;
        _options = options;
        _run = run;
        _cleanup = cleanup;
        _observed = observed;
        _began = began;
    }

    /// <summary>The plugin, as its host has it. The harness stops it.</summary>
    public Plugin Plugin { get; }

    /// <summary>The way in which the plugin runs.</summary>
    public PluginWay Way => _options.Way;

    /// <summary>What host and plugin have logged. Errors in it fail the disposal unless the test allows them.</summary>
    public RecordedLogs Logs { get; }

    /// <summary>Calls to the plugin. One that the test leaves open fails the disposal.</summary>
    public CallInvoker CallInvoker => Plugin.CallInvoker;

    /// <summary>The plugin's own services, where it runs in the test's process.</summary>
    /// <exception cref="InvalidOperationException">It runs in a process of its own.</exception>
    public IServiceProvider Services => _run.Services ?? throw new InvalidOperationException(
        $"The plugin '{Plugin.Name}' runs in a process of its own, and its services are there. {nameof(PluginWays)}.{nameof(PluginWays.InTestProcess)} lists the ways that give a test access to them.");

    /// <summary>The calls that have come to the plugin's handlers, as the handlers have them, where it runs in the test's process.</summary>
    /// <exception cref="InvalidOperationException">It runs in a process of its own.</exception>
    public ObservedCalls Calls => Way != PluginWay.Process ? _observed : throw new InvalidOperationException(
        $"The plugin '{Plugin.Name}' runs in a process of its own: of its handlers nothing is seen but what crosses the wire. Probe the caller's end ({nameof(CallProbe)}), or run the test in one of {nameof(PluginWays)}.{nameof(PluginWays.InTestProcess)}.");

    /// <summary>Starts a plugin by its class.</summary>
    /// <typeparam name="TPlugin">The plugin's class; for <see cref="PluginWay.Process"/> its program is found by it.</typeparam>
    /// <param name="way">The way in which it runs.</param>
    /// <param name="configure">Changes host and plugin; null for nothing.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left of it.</param>
    /// <exception cref="PluginStartException">The plugin does not start. The message says at which step and why.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="FileNotFoundException">There is no program for <see cref="PluginWay.Process"/>.</exception>
    public static Task<PluginHarness> StartAsync<TPlugin>(
        PluginWay way = PluginWay.Memory, Action<PluginHarnessOptions>? configure = null, CancellationToken cancellationToken = default)
        where TPlugin : IPlugin, new()
    {
        var options = Options(way, configure);
        var fileName = way == PluginWay.Process ? (options.Binary ?? PluginBinary.Of<TPlugin>()).Path : typeof(TPlugin).Name;
        return StartAsync(fileName, typeof(TPlugin).Name, builder => new TPlugin().Configure(builder), options, cancellationToken);
    }

    /// <summary>Starts a plugin that the test puts together: in the test's own process.</summary>
    /// <param name="plugin">Adds the services and contracts to serve.</param>
    /// <param name="way">The way in which it runs: one of <see cref="PluginWays.InTestProcess"/>.</param>
    /// <param name="configure">Changes host and plugin; null for nothing.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left of it.</param>
    /// <exception cref="PluginStartException">The plugin does not start. The message says at which step and why.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, or the way is <see cref="PluginWay.Process"/>.</exception>
    public static Task<PluginHarness> StartAsync(
        Action<IPluginBuilder> plugin, PluginWay way = PluginWay.Memory, Action<PluginHarnessOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (way == PluginWay.Process)
            throw new ArgumentException("What a test puts together runs in the test's process. For a process of its own, name the plugin's class or its binary.", nameof(way));
        return StartAsync("plugin-under-test", "plugin-under-test", plugin, Options(way, configure), cancellationToken);
    }

    /// <summary>Starts a plugin's program, in whatever language it is written, in a process of its own.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="configure">Changes the host; null for nothing.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left of it.</param>
    /// <exception cref="PluginStartException">The plugin does not start. The message says at which step and why.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static Task<PluginHarness> StartAsync(PluginBinary binary, Action<PluginHarnessOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binary);
        return StartAsync(binary.Path, Path.GetFileNameWithoutExtension(binary.Path), null, Options(PluginWay.Process, configure), cancellationToken);
    }

    /// <summary>A typed contract of the plugin.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public TContract GetContract<TContract>()
        where TContract : class, IContract<TContract> => Plugin.GetContract<TContract>();

    /// <summary>A classic client of the plugin.</summary>
    /// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
    public TClient CreateClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : ClientBase<TClient> => Plugin.CreateClient<TClient>();

    /// <summary>
    /// Stops the plugin in order and looks at what is left: a plugin that had to be killed or has ended with an exit code, a process, a file, a socket, an open call, a handler that still runs, an
    /// error in the log that the test has not allowed. Returns within <see cref="PluginHarnessOptions.StopLimit"/> and a minute, whatever the plugin does. May be called again: later calls wait
    /// for the first, which alone tells what was found.
    /// </summary>
    /// <exception cref="ExpectationException">
    /// Something is left; each is named. Where the test's body has thrown, which <c>await using</c> would hide, the message begins with that, and it is the inner exception.
    /// </exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask DisposeAsync()
    {
        var body = BodyFailure.Find(_began);
        lock (_gate)
        {
            if (_disposal is not null)
                return new ValueTask(WaitForDisposalAsync(_disposal));

            _disposal = DisposeOnceAsync(body);
            return new ValueTask(_disposal);
        }
    }

    private static PluginHarnessOptions Options(PluginWay way, Action<PluginHarnessOptions>? configure)
    {
        if (!Enum.IsDefined(way))
            throw new ArgumentOutOfRangeException(nameof(way), way, "It is no way to run a plugin.");

        var options = new PluginHarnessOptions(way);
        configure?.Invoke(options);
        if (HarnessOptionsCheck.FindMistake(options) is { } mistake)
            throw new ArgumentException(mistake, nameof(configure));
        return options;
    }

    private static async Task<PluginHarness> StartAsync(
        string fileName, string name, Action<IPluginBuilder>? plugin, PluginHarnessOptions options, CancellationToken cancellationToken)
    {
        Plugin? running = null;
        var (origin, flow) = (CallOrigin.Here(), LeakFlow.Current);
        var observed = new ObservedCalls(cancellationToken => RoundTrip.MakeAsync(running!.CallInvoker, cancellationToken));
        var run = HarnessRun.Of(name, plugin, options, observed);
        var calls = new OpenCalls();
        var root = new LaunchRoot();
        var logs = new RecordedLogs(options.Output, options.LoggerFactory);
        var host = options.Host;
        host.FileName = fileName;
        host.Name ??= name;
        host.LaunchDirectoryRoot = root.Path;
        host.LoggerFactory = logs;
        host.TimeProvider = options.TimeProvider ?? host.TimeProvider;
        host.Runner = run.Runner;
        options.Wire?.AttachTo(host);
        host.ObserveCall = calls.Begin;
        try
        {
            running = await Plugin.StartAsync(host, cancellationToken).ConfigureAwait(false);
            var harness = new PluginHarness(running, options, run, new HarnessCleanup(running, options, run, root, calls, logs), observed, logs, BodyFailure.Watch());
            Living.Add(harness, $"the harness of the plugin '{host.Name}' has not been disposed of", origin, flow);
            return harness;
        }
        catch
        {
            // The start's failure is the news: what it has left running or lying about, it has told in it.
            await run.EndAsync().ConfigureAwait(false);
            await root.EndAsync().ConfigureAwait(false);
            logs.Dispose();
            throw;
        }
    }

    private async Task DisposeOnceAsync(Exception? body)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var finding = await _cleanup.RunAsync().ConfigureAwait(false);
        Living.Remove(this);
        if (finding is not null)
            throw BodyFailure.ToException(finding, body);
    }

    private static async Task WaitForDisposalAsync(Task disposal) => await disposal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
