using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.FirstUse;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Deferred;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Hosting.Tests.FirstUse;

/// <summary>Calls that begin before their plugin does, over the real wire in memory.</summary>
public sealed class DeferredCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = Shell.Limit;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly TaskCompletionSource<CallInvoker> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RpcServer _server = null!;
    private RpcClientConnection _connection = null!;
    private DeferredCallInvoker _invoker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CallOptions Options => new(cancellationToken: Token);

    public async ValueTask InitializeAsync()
    {
        var methods = new RpcMethods();
        methods.Add(EchoService.Bind());
        _server = new RpcServer(methods, new RpcServerOptions());
        var (client, server) = MemoryTransport.CreatePair();
        _server.Serve(server);
        _connection = await RpcClientConnection.ConnectAsync(client, new RpcClientOptions(), Token).WaitAsync(Limit, Token);
        _invoker = new DeferredCallInvoker(new DeferredStart(
            "todo", () => _started.Task.IsCompletedSuccessfully ? _connection.CallInvoker : null, token => _started.Task.WaitAsync(token), _clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_WhetherItWaitedOrNot_IsThePluginsOwnCall(bool startedBefore)
    {
        using var call = await BeginAsync(startedBefore, () => _invoker.AsyncUnaryCall(EchoService.Unary, null, Options, "hello"));

        Assert.Equal("HELLO", await call.ResponseAsync.WaitAsync(Limit, Token));
        await call.ResponseHeadersAsync.WaitAsync(Limit, Token);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("unary", call.GetTrailers().GetValue("kind"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientStreaming_WhetherItWaitedOrNot_SendsAllInOrder(bool startedBefore)
    {
        using var call = await BeginAsync(startedBefore, () => _invoker.AsyncClientStreamingCall(EchoService.ClientStreaming, null, Options));

        foreach (var part in new[] { "a", "b", "c" })
            await call.RequestStream.WriteAsync(part, Token).WaitAsync(Limit, Token);
        await call.RequestStream.CompleteAsync().WaitAsync(Limit, Token);

        Assert.Equal("a+b+c", await call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServerStreaming_WhetherItWaitedOrNot_ReadsAllInOrder(bool startedBefore)
    {
        using var call = await BeginAsync(startedBefore, () => _invoker.AsyncServerStreamingCall(EchoService.ServerStreaming, null, Options, "x+y+z"));

        Assert.Equal(["x", "y", "z"], await ReadAllAsync(call.ResponseStream));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Duplex_WhetherItWaitedOrNot_GoesBothWays(bool startedBefore)
    {
        using var call = await BeginAsync(startedBefore, () => _invoker.AsyncDuplexStreamingCall(EchoService.Duplex, null, Options));

        await call.RequestStream.WriteAsync("one").WaitAsync(Limit, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token).WaitAsync(Limit, Token));
        Assert.Equal("ONE", call.ResponseStream.Current);
        await call.RequestStream.CompleteAsync().WaitAsync(Limit, Token);
        Assert.False(await call.ResponseStream.MoveNext(Token).WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task BlockingUnary_PluginThatStartsMeanwhile_Answers()
    {
        var call = Task.Factory.StartNew(
            () => _invoker.BlockingUnaryCall(EchoService.Unary, null, Options, "hello"), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _started.SetResult(_connection.CallInvoker);

        Assert.Equal("HELLO", await call.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Call_PluginThatDoesNotStart_IsUnavailableWithTheReason()
    {
        using var call = _invoker.AsyncUnaryCall(EchoService.Unary, null, Options, "hello");
        var reason = new PluginException("todo", "Plugin 'todo' did not start: no database.");

        _started.SetException(reason);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(reason.Message, failure.Status.Detail);
        Assert.Same(reason, failure.Status.DebugException);
        Assert.Same(reason, failure.InnerException);
        Assert.Equal(("todo", "/tests.Echo/Unary"), (failure.PluginName, failure.Method));
        Assert.Equal((PluginCallReason.NotStarted, CallExecution.NotSent), (failure.Reason, failure.Execution));
        Assert.Equal(
            "The call of /tests.Echo/Unary on plugin 'todo' failed with Unavailable: Plugin 'todo' did not start: no database.\nThe plugin has not executed the call.",
            failure.Message);
        Assert.Equal(StatusCode.Unavailable, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
        await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseHeadersAsync.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Call_StreamsOfAPluginThatDoesNotStart_FailWithTheReason()
    {
        using var call = _invoker.AsyncDuplexStreamingCall(EchoService.Duplex, null, Options);
        var write = call.RequestStream.WriteAsync("x", Token);
        var read = call.ResponseStream.MoveNext(Token);

        _started.SetException(new PluginException("todo", "no database"));

        foreach (var task in new[] { write, read, call.RequestStream.CompleteAsync() })
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<PluginCallException>(() => task.WaitAsync(Limit, Token))).StatusCode);
    }

    [Fact]
    public async Task Call_CancelledWhileItWaits_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _invoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: cancel.Token), "hello");

        await cancel.CancelAsync();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal((PluginCallReason.Cancelled, CallExecution.NotSent), (failure.Reason, failure.Execution));
    }

    [Fact]
    public async Task Call_DeadlineThatPassesWhileItWaits_IsExceeded()
    {
        var options = new CallOptions(deadline: _clock.GetUtcNow().UtcDateTime.AddSeconds(3), cancellationToken: Token);
        using var call = _invoker.AsyncUnaryCall(EchoService.Unary, null, options, "hello");

        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(call.ResponseAsync.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal((PluginCallReason.DeadlineExceeded, CallExecution.NotSent), (failure.Reason, failure.Execution));
    }

    [Fact]
    public async Task Call_DisposedWhileItWaits_IsCancelledAndNeverMade()
    {
        var call = _invoker.AsyncUnaryCall(EchoService.Unary, null, Options, "hello");

        call.Dispose();
        call.Dispose();
        _started.SetResult(_connection.CallInvoker);

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token))).StatusCode);
    }

    [Fact]
    public async Task Read_CancelledWhileItWaits_EndsTheCall()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _invoker.AsyncDuplexStreamingCall(EchoService.Duplex, null, Options);
        var read = call.ResponseStream.MoveNext(cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<PluginCallException>(() => read.WaitAsync(Limit, Token))).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public void Status_WhileThePluginStarts_IsNotThereYet()
    {
        using var call = _invoker.AsyncDuplexStreamingCall(EchoService.Duplex, null, Options);

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    private async Task<T> BeginAsync<T>(bool startedBefore, Func<T> begin)
    {
        if (startedBefore)
            _started.SetResult(_connection.CallInvoker);
        var call = begin();
        if (!startedBefore)
            _started.SetResult(_connection.CallInvoker);
        await Task.Yield();
        return call;
    }

    private static async Task<List<string>> ReadAllAsync(IAsyncStreamReader<string> stream)
    {
        var all = new List<string>();
        while (await stream.MoveNext(Token).WaitAsync(Limit, Token))
            all.Add(stream.Current);
        return all;
    }
}
