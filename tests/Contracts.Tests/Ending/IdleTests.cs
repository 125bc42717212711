using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Ending;

/// <summary>Whatever ends a call arrives while nothing else does, and says what it was, to both sides.</summary>
public sealed class IdleTests
{
    [Theory]
    [EachKind]
    public async Task Deadline_OfACallThatIdles_IsToldToBothSides(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => link.Client.RunAsync(kind, new CallContext { Timeout = TimeSpan.FromMilliseconds(500) }).Within());

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);

        // On a machine that is very busy the time may pass before the handler is reached.
        if (probe.Started.IsSet)
            await probe.Ended.WaitAsync();
    }

    [Theory]
    [InlineData(Link.Memory, MethodType.Unary)]
    [InlineData(Link.Memory, MethodType.ClientStreaming)]
    [InlineData(Link.Memory, MethodType.ServerStreaming)]
    [InlineData(Link.Memory, MethodType.DuplexStreaming)]
    [InlineData(Link.UnixSocket, MethodType.Unary)]
    [InlineData(Link.UnixSocket, MethodType.ClientStreaming)]
    [InlineData(Link.UnixSocket, MethodType.ServerStreaming)]
    [InlineData(Link.UnixSocket, MethodType.DuplexStreaming)]
    public async Task Deadline_ByOneClock_IsToldTheHandler(Link where, MethodType kind)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var link = await EchoLink.StartAsync(where, timeProvider: clock, wireClock: clock);
        var probe = HandlerProbe.In(link.Service);

        var call = link.Client.RunAsync(kind, new CallContext { Timeout = TimeSpan.FromMinutes(1) });
        await probe.Started.WaitAsync();
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.Within())).StatusCode);
        await probe.Ended.WaitAsync();
        Assert.Equal(CallCancellation.Deadline, probe.Reason);
    }

    [Theory]
    [EachKind]
    public async Task Stop_OfTheServer_IsToldToTheCaller(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);

        var call = link.Client.RunAsync(kind);
        await probe.Started.WaitAsync();
        var stopping = link.ServerSide.StopAsync();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.Within())).StatusCode);
        await probe.Ended.WaitAsync();
        await stopping.Within();
        AssertReason(where, CallCancellation.Stopping, probe);
    }

    [Theory]
    [EachKind]
    public async Task Connection_CutByTheServer_IsToldToTheCaller(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);

        var call = link.Client.RunAsync(kind);
        await probe.Started.WaitAsync();
        await link.ServerSide.CutAsync();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.Within())).StatusCode);
        await probe.Ended.WaitAsync();
        AssertReason(where, CallCancellation.ConnectionLost, probe);
    }

    [Theory]
    [EachKind]
    public async Task Connection_CutByTheClient_IsToldToTheHandler(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);

        var call = link.Client.RunAsync(kind);
        await probe.Started.WaitAsync();
        await link.ClientSide.CutAsync();

        await probe.Ended.WaitAsync();
        await Assert.ThrowsAsync<RpcException>(() => call.Within());
        AssertReason(where, CallCancellation.ConnectionLost, probe);
    }

    // Another server does not say more than that the call is over.
    private static void AssertReason(Link where, CallCancellation expected, HandlerProbe probe) =>
        Assert.Equal(where == Link.OursToKestrel ? CallCancellation.Caller : expected, probe.Reason);
}
