using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>The caller turns away.</summary>
public sealed class CancellationTests
{
    [Theory]
    [EachKind]
    public async Task Token_FiredBeforeTheCall_IsToldAndNothingReachesTheHandler(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => link.Client.RunAsync(kind, cancellationToken: cancellation.Token).Within());

        Assert.Equal(cancellation.Token, failure.CancellationToken);
        await link.GoRoundAsync();
        Assert.False(probe.Started.IsSet);
    }

    [Theory]
    [EachKind]
    public async Task Token_FiredWhileTheHandlerWaits_IsToldToBothSidesAtOnce(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        using var cancellation = new CancellationTokenSource();

        var call = link.Client.RunAsync(kind, cancellationToken: cancellation.Token);
        await probe.Started.WaitAsync();
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(cancellation.Token, failure.CancellationToken);
        await probe.Ended.WaitAsync();
        Assert.Equal(CallCancellation.Caller, probe.Reason);
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public Task Token_OfTheEnumeration_CountsBesideTheMethods(Link where, MethodType kind) =>
        FireOneAsync(where, kind, static (_, ofTheEnumeration) => ofTheEnumeration);

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public Task Token_OfTheMethod_CountsBesideTheEnumerations(Link where, MethodType kind) =>
        FireOneAsync(where, kind, static (ofTheMethod, _) => ofTheMethod);

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Token_FiredBetweenMessages_IsToldByTheNextRead(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service, messagesFirst: 1);
        using var cancellation = new CancellationTokenSource();
        var seen = 0;

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Responses(link.Client, kind, cancellation.Token))
            {
                seen++;
                await probe.Started.WaitAsync();
                await cancellation.CancelAsync();
                await probe.Ended.WaitAsync();
            }
        }).Within();

        Assert.Equal((1, cancellation.Token), (seen, failure.CancellationToken));
        Assert.Equal(CallCancellation.Caller, probe.Reason);
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Break_OutOfTheLoop_FiresTheHandlersTokenAtOnce(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service, messagesFirst: 1);

        await foreach (var _ in Responses(link.Client, kind, CancellationToken.None))
            break;

        await probe.Ended.WaitAsync();
        Assert.Equal(CallCancellation.Caller, probe.Reason);
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Exception_InTheLoop_FiresTheHandlersTokenAtOnceAndGoesOn(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service, messagesFirst: 1);
        var mine = new InvalidTimeZoneException();

        var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            await foreach (var _ in Responses(link.Client, kind, CancellationToken.None))
                throw mine;
        }).Within();

        Assert.Same(mine, thrown);
        await probe.Ended.WaitAsync();
    }

    [Theory]
    [EachLink(MethodType.ServerStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Disposal_WhileAReadWaits_EndsBoth(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        var responses = Responses(link.Client, kind, CancellationToken.None).GetAsyncEnumerator();

        var moving = responses.MoveNextAsync();
        await probe.Started.WaitAsync();
        await responses.DisposeAsync().Within();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await moving).Within()).StatusCode);
        await probe.Ended.WaitAsync();
        Assert.False(await responses.MoveNextAsync());
    }

    [Theory]
    [EachKind]
    public async Task Cancelled_SaidByTheHandler_StaysAStatus(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.FailWith(new RpcException(new Status(StatusCode.Cancelled, "not mine")));
        using var cancellation = new CancellationTokenSource();

        var failure = await Assert.ThrowsAsync<RpcException>(() => link.Client.RunAsync(kind, cancellationToken: cancellation.Token).Within());

        Assert.Equal((StatusCode.Cancelled, "not mine"), (failure.StatusCode, failure.Status.Detail));
    }

    private static async Task FireOneAsync(Link where, MethodType kind, Func<CancellationTokenSource, CancellationTokenSource, CancellationTokenSource> choose)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        using var ofTheMethod = new CancellationTokenSource();
        using var ofTheEnumeration = new CancellationTokenSource();
        var fired = choose(ofTheMethod, ofTheEnumeration);
        var responses = Responses(link.Client, kind, ofTheMethod.Token).WithCancellation(ofTheEnumeration.Token).GetAsyncEnumerator();

        var moving = responses.MoveNextAsync();
        await probe.Started.WaitAsync();
        await fired.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await moving).Within();
        Assert.Equal(fired.Token, failure.CancellationToken);
        await probe.Ended.WaitAsync();
        await responses.DisposeAsync();
    }

    private static IAsyncEnumerable<EchoReply> Responses(IEcho client, MethodType kind, CancellationToken cancellationToken) => kind == MethodType.ServerStreaming
        ? client.DownloadAsync(new EchoRequest(), cancellationToken: cancellationToken)
        : client.DuplexAsync(TrackedRequests.ThenIdle(1), cancellationToken: cancellationToken);
}
