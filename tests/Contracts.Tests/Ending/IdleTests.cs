using Grpc.Core;
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
            () => link.Client.RunAsync(kind, new CallContext { Timeout = TimeSpan.FromMilliseconds(200) }).Within());

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);

        // On a machine that is very busy the time may pass before the handler is reached.
        if (probe.Started.IsSet)
        {
            await probe.Ended.WaitAsync();
            Assert.Equal(CallCancellation.Deadline, probe.Reason);
        }
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
    }
}
