using Plugwire.Benchmarks.Workloads;
using Plugwire.Benchmarks.Workloads.Serving;
using Plugwire.Hosting;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>All contenders, with the processes of their servers: started together, ended together.</summary>
internal sealed class RunningContenders : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly Dictionary<ContenderName, IContender> _contenders = [];
    private Task _running = Task.CompletedTask;

    private RunningContenders()
    {
    }

    /// <summary>Throws <see cref="BenchmarkException"/> when one does not start; nothing of the others is left then.</summary>
    public static async Task<RunningContenders> StartAsync(CancellationToken cancellationToken)
    {
        var contenders = new RunningContenders();
        try
        {
            await contenders.AddClassicAsync(cancellationToken);
            await contenders.AddTypedAsync(cancellationToken);
            await contenders.AddGrpcDotnetAsync(cancellationToken);
            await contenders.AddRawSocketAsync(cancellationToken);
            contenders._contenders.Add(ContenderName.Harness, new HarnessContender());
            return contenders;
        }
        catch
        {
            await contenders.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has a contender carry a workload out. After a <see cref="TimeoutException"/> it is of no further use: it may still be at it.</summary>
    /// <returns>How long it took, by the clock of the side that called.</returns>
    public async Task<TimeSpan> RunAsync(ContenderName name, Workload workload, TimeSpan limit, CancellationToken cancellationToken)
    {
        var running = _contenders[name].RunAsync(workload, cancellationToken);
        _running = running;
        return await running.WaitAsync(limit, TimeProvider.System, cancellationToken);
    }

    /// <summary>How many bytes a contender's processes have allocated so far, both together; null where that is not known.</summary>
    public async Task<long?> ReadAllocatedAsync(ContenderName name, TimeSpan limit, CancellationToken cancellationToken)
    {
        var reading = _contenders[name].ReadAllocatedAsync(cancellationToken);
        _running = reading;
        return await reading.WaitAsync(limit, TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();

        // Without its server nothing can go on for long. How it ends has been told, or is of no interest to who gave it up.
        await _running.WaitAsync(EndLimit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AddClassicAsync(CancellationToken cancellationToken)
    {
        var plugin = await StartPluginAsync("classic", cancellationToken);
        _contenders.Add(ContenderName.Classic, new CallsContender(new ClassicCalls(plugin.CallInvoker), plugin.CallInvoker));
    }

    private async Task AddTypedAsync(CancellationToken cancellationToken)
    {
        var plugin = await StartPluginAsync("typed", cancellationToken);
        _contenders.Add(ContenderName.Typed, new CallsContender(new TypedCalls(plugin.GetContract<IExchange>()), plugin.CallInvoker));
        _contenders.Add(ContenderName.Callback, new CallbackContender(plugin.CallInvoker));
    }

    private async Task<Plugin> StartPluginAsync(string served, CancellationToken cancellationToken)
    {
        // The peers' servers get all of the environment; what sets up the runtime in it is to count for all alike.
        var options = new PluginOptions(ServerFile.Of("Plugwire.Benchmarks.Plugin"), served)
        {
            Name = served,
            InheritEnvironment = true,
            StartTimeout = PeerProcess.StartLimit,
            ConnectTimeout = PeerProcess.StartLimit,
        };
        options.AddHostContract<IExchange>(new ExchangeContract());
        try
        {
            var plugin = await Plugin.StartAsync(options, cancellationToken);
            _owned.Push(plugin);
            return plugin;
        }
        catch (PluginException exception)
        {
            throw new BenchmarkException(exception.Message, exception);
        }
    }

    private async Task AddGrpcDotnetAsync(CancellationToken cancellationToken)
    {
        var process = await PeerProcess.StartAsync("Plugwire.Benchmarks.Kestrel", cancellationToken);
        _owned.Push(process);
        var channel = GrpcDotnetChannel.Create(process.SocketPath);
        _owned.Push(new Closing(channel));
        var invoker = channel.CreateCallInvoker();
        _contenders.Add(ContenderName.GrpcDotnet, new CallsContender(new ClassicCalls(invoker), invoker));
    }

    private async Task AddRawSocketAsync(CancellationToken cancellationToken)
    {
        var process = await PeerProcess.StartAsync("Plugwire.Benchmarks.Echo", cancellationToken);
        _owned.Push(process);
        var contender = await RawSocketContender.ConnectAsync(process.SocketPath, cancellationToken);
        _owned.Push(new Closing(contender));
        _contenders.Add(ContenderName.RawSocket, contender);
    }

    private sealed class Closing(IDisposable owned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            owned.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
