using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A server that looks at each connection before it serves it.</summary>
public sealed class ScreeningTests : IAsyncDisposable
{
    private readonly MemoryListener _listener = new();
    private readonly FakeLogCollector _logs = new();
    private readonly ConcurrentQueue<TaskCompletionSource<TransportConnection?>> _screenings = new();
    private readonly SemaphoreSlim _begun = new(0);
    private RpcServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_ThatPassesAtOnce_IsServed()
    {
        Start(static (transport, _) => new(transport));

        await using var client = await ConnectAsync().WaitAsync(RpcPair.Limit);

        await CallAsync(client);
        Assert.Empty(_logs.GetSnapshot());
    }

    [Fact]
    public async Task Connection_OfWhichTheFirstByteWasRead_IsServedFromItsBeginning()
    {
        Start(async (transport, token) =>
        {
            var first = new byte[1];
            await transport.Stream.ReadExactlyAsync(first, token);
            return new TransportConnection(transport.Stream, transport.RemoteAddress) { Received = first };
        });

        await using var client = await ConnectAsync().WaitAsync(RpcPair.Limit);

        await CallAsync(client);
    }

    [Fact]
    public async Task Connection_ThatIsBeingLookedAt_HoldsUpNoOther()
    {
        Start(Held);
        await using var silent = await _listener.ConnectAsync(Token);
        var first = await NextAsync();
        var connecting = ConnectAsync();
        var second = await NextAsync();

        second.Pass();
        await using var client = await connecting.WaitAsync(RpcPair.Limit);

        await CallAsync(client);
        first.TakeOver();
    }

    [Fact]
    public async Task Connection_ThatWasTakenOver_IsNotTheServers()
    {
        Start(Held);
        await using var near = await _listener.ConnectAsync(Token);
        var screening = await NextAsync();
        screening.TakeOver();

        await _server!.StopAsync(Token).WaitAsync(RpcPair.Limit);

        await screening.Transport.Stream.WriteAsync("still mine"u8.ToArray(), Token);
        var read = new byte[10];
        await near.Stream.ReadExactlyAsync(read, Token).AsTask().WaitAsync(RpcPair.Limit);
        Assert.Equal("still mine"u8, read);
        await screening.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Connections_ThatAreBeingLookedAt_CountAmongTheOpen()
    {
        Start(Held, maxConnections: 2);
        await using var one = await _listener.ConnectAsync(Token);
        await using var two = await _listener.ConnectAsync(Token);
        var (first, second) = (await NextAsync(), await NextAsync());

        await using var three = await _listener.ConnectAsync(Token);
        await AssertClosedAsync(three);
        Assert.Contains("refused", Assert.Single(_logs.GetSnapshot()).Message, StringComparison.Ordinal);

        first.TakeOver();
        await first.Transport.DisposeAsync();
        second.TakeOver();
        await second.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Connections_ThatWereLookedAtAndTakenOver_LeaveTheirPlaceToOthers()
    {
        Start(
            static async (transport, _) =>
            {
                await Task.Yield();
                await transport.DisposeAsync();
                return null;
            },
            maxConnections: 1);

        // As often as the one place has been free; it becomes so a moment after the connection has ended.
        var looks = 0;
        while (looks < 10)
        {
            await using var near = await _listener.ConnectAsync(Token);
            await AssertClosedAsync(near);
            looks += _logs.GetSnapshot(clear: true).Count == 0 ? 1 : 0;
        }
    }

    [Fact]
    public async Task Look_ThatFails_ClosesTheConnectionAndIsLogged()
    {
        Start(static async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("cannot see");
        });

        await using var near = await _listener.ConnectAsync(Token);

        await AssertClosedAsync(near);
        var record = Assert.Single(_logs.GetSnapshot());
        Assert.Equal((LogLevel.Error, "cannot see"), (record.Level, record.Exception?.Message));
    }

    [Fact]
    public async Task Server_ThatStops_EndsTheLookAndWaitsForIt()
    {
        var told = new Signal();
        var goOn = new Signal();
        Start(async (transport, token) =>
        {
            _begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ContinueWith(static _ => { }, TaskScheduler.Default);
            told.Set();
            await goOn.WaitAsync();
            await transport.DisposeAsync();
            return null;
        });
        await using var near = await _listener.ConnectAsync(Token);
        Assert.True(await _begun.WaitAsync(RpcPair.Limit, Token));

        var stopping = _server!.StopAsync(Token);
        await told.WaitAsync();
        Assert.False(stopping.IsCompleted);
        goOn.Set();

        await stopping.WaitAsync(RpcPair.Limit);
        await AssertClosedAsync(near);
    }

    [Fact]
    public async Task Connection_ThatPassesWhileTheServerStops_IsClosedInOrder()
    {
        Start(Held);
        await using var near = await _listener.ConnectAsync(Token);
        var screening = await NextAsync();
        var stopping = _server!.StopAsync(Token);
        Assert.False(stopping.IsCompleted);

        screening.Pass();

        await stopping.WaitAsync(RpcPair.Limit);
        var all = new MemoryStream();
        await near.Stream.CopyToAsync(all, Token).WaitAsync(RpcPair.Limit, Token);
        Assert.NotEqual(0, all.Length);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync().AsTask().WaitAsync(RpcPair.Limit);
        _begun.Dispose();
    }

    private void Start(Func<TransportConnection, CancellationToken, ValueTask<TransportConnection?>> screen, int maxConnections = 8)
    {
        var methods = new RpcMethods();
        Echo.BindService(methods, new ScriptedEcho());
        _server = new RpcServer(methods, new RpcServerOptions { Screen = screen, MaxConnections = maxConnections, Logger = new FakeLogger(_logs) });
        _server.Start(_listener);
    }

    // Until the test says what becomes of it.
    private ValueTask<TransportConnection?> Held(TransportConnection transport, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<TransportConnection?>(transport, TaskCreationOptions.RunContinuationsAsynchronously);
        _screenings.Enqueue(outcome);
        _begun.Release();
        return new(outcome.Task);
    }

    private async Task<Screening> NextAsync()
    {
        Assert.True(await _begun.WaitAsync(RpcPair.Limit, Token));
        Assert.True(_screenings.TryDequeue(out var outcome));
        return new Screening(outcome);
    }

    private async Task<RpcClientConnection> ConnectAsync()
    {
        var transport = await _listener.ConnectAsync(Token);
        return await RpcClientConnection.ConnectAsync(transport, new RpcClientOptions(), Token);
    }

    private static async Task CallAsync(RpcClientConnection client)
    {
        var reply = await new Echo.EchoClient(client.CallInvoker).UnaryAsync(new EchoRequest { Text = "hello" }, cancellationToken: Token).ResponseAsync.WaitAsync(RpcPair.Limit);
        Assert.Equal("hello", reply.Text);
    }

    private static async Task AssertClosedAsync(TransportConnection near)
    {
        var read = new byte[1];
        Assert.Equal(0, await near.Stream.ReadAsync(read, Token).AsTask().WaitAsync(RpcPair.Limit));
    }

    private readonly record struct Screening(TaskCompletionSource<TransportConnection?> Outcome)
    {
        public TransportConnection Transport => (TransportConnection)Outcome.Task.AsyncState!;

        public void Pass() => Outcome.SetResult(Transport);

        public void TakeOver() => Outcome.SetResult(null);
    }
}
