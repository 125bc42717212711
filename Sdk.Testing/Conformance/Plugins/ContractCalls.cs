using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>A plugin in its conformance mode, connected: the calls of a check.</summary>
internal sealed class ContractCalls
{
    private readonly List<StdioData> _console = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _consoleEnded;

    private ContractCalls(SubjectProcess process, RpcClientConnection connection)
    {
        Process = process;
        Connection = connection;
        Client = new Contract.Conformance.ConformanceClient(connection.CallInvoker);
    }

    public SubjectProcess Process { get; }

    public RpcClientConnection Connection { get; }

    public Contract.Conformance.ConformanceClient Client { get; }

    /// <summary>Whether the plugin hands its console over.</summary>
    public bool HasConsole { get; private set; } = true;

    public static async Task RunAsync(SubjectProcess process, Func<ContractCalls, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var connection = await process.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var calls = new ContractCalls(process, connection);

        // As every host does, at once: a plugin may wait on its console until somebody reads it.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var console = calls.FollowConsoleAsync(end.Token);
        try
        {
            await run(calls, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await console.ConfigureAwait(false);
        }
    }

    /// <summary>What came on a channel of the console until the predicate holds or nothing more comes.</summary>
    public async Task<byte[]> ConsoleAsync(StdioData.Types.Channel channel, Func<byte[], bool> predicate, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            byte[] bytes;
            bool ended;
            lock (_gate)
                (changed, ended, bytes) = (_changed.Task, _consoleEnded, [.. _console.Where(data => data.Channel == channel).SelectMany(data => data.Data)]);
            if (predicate(bytes) || ended)
                return bytes;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Never faults: what becomes of the console is for its own cases to say.
    private async Task FollowConsoleAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var call = SubjectProcess.FollowConsole(Connection.CallInvoker, cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                Change(() => _console.Add(call.ResponseStream.Current));
        }
        catch (RpcException end)
        {
            HasConsole = end.StatusCode != StatusCode.Unimplemented;
        }
        catch (OperationCanceledException)
        {
            // The case is over.
        }

        Change(() => _consoleEnded = true);
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }
}
