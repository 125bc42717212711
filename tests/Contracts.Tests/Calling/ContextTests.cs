using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Contracts.Tests.Links;
using Plugwire.Testing;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>What a caller's context makes of the call's options.</summary>
public sealed class ContextTests
{
    // The wire measures by the real clock: what is tested by a fake one must lie far ahead of both.
    private static readonly DateTime Now = new(2100, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly OptionsRecorder _recorder = new();

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Context_OfNothing_AsksForNothing(MethodType kind)
    {
        await RunAsync(kind, default);

        Assert.Null(_recorder.Options.Headers);
        Assert.Null(_recorder.Options.Deadline);
        Assert.False(_recorder.Options.IsWaitForReady);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Context_OfEverything_AsksForIt(MethodType kind)
    {
        var headers = new Metadata { { "name", "value" } };

        await RunAsync(kind, new CallContext { Headers = headers, Timeout = TimeSpan.FromMinutes(1), WaitForReady = true });

        Assert.Same(headers, _recorder.Options.Headers);
        Assert.Equal(Now.AddMinutes(1), _recorder.Options.Deadline);
        Assert.True(_recorder.Options.IsWaitForReady);
    }

    [Theory]
    [InlineData(10, 20, 10)]
    [InlineData(20, 10, 10)]
    [InlineData(10, null, 10)]
    [InlineData(null, 10, 10)]
    [InlineData(null, null, null)]
    public async Task Limits_OfBothSorts_EndAtTheEarlier(int? deadline, int? timeout, int? expected)
    {
        await RunAsync(MethodType.Unary, new CallContext
        {
            Deadline = deadline is { } minutes ? Now.AddMinutes(minutes) : null,
            Timeout = timeout is { } time ? TimeSpan.FromMinutes(time) : null,
        });

        Assert.Equal(expected is { } end ? Now.AddMinutes(end) : null, _recorder.Options.Deadline);
    }

    [Theory]
    [InlineData(10, 20, 30, 10)]
    [InlineData(30, 10, 20, 10)]
    [InlineData(30, 20, 10, 10)]
    [InlineData(10, null, null, 10)]
    public async Task Limits_OfAHandlersContext_EndAtTheEarliest(int handled, int? deadline, int? timeout, int expected)
    {
        var call = new TestServerCallContext(deadline: Now.AddMinutes(handled));

        await RunAsync(MethodType.Unary, call.Call with
        {
            Deadline = deadline is { } minutes ? Now.AddMinutes(minutes) : null,
            Timeout = timeout is { } time ? TimeSpan.FromMinutes(time) : null,
        });

        Assert.Equal(Now.AddMinutes(expected), _recorder.Options.Deadline);
    }

    [Fact]
    public async Task Timeout_OfAStream_BeginsWithItsEnumeration()
    {
        await using var link = await EchoLink.StartAsync();
        var client = Bound.Client<IEcho>(link.Invoker.Intercept(_recorder), _clock);
        var responses = client.DownloadAsync(new EchoRequest(), new CallContext { Timeout = TimeSpan.FromMinutes(1) });

        _clock.Advance(TimeSpan.FromHours(1));
        await foreach (var _ in responses)
        {
        }

        Assert.Equal(Now.AddMinutes(61), _recorder.Options.Deadline);
    }

    [Fact]
    public async Task Timeout_BeyondTheEndOfTime_IsNone()
    {
        await RunAsync(MethodType.Unary, new CallContext { Timeout = TimeSpan.MaxValue - TimeSpan.FromTicks(1) });

        Assert.Equal(DateTime.MaxValue, _recorder.Options.Deadline);
    }

    [Fact]
    public void Context_Read_SaysWhatWasSet()
    {
        var response = new CallResponse();
        var context = new CallContext { Deadline = Now, Timeout = TimeSpan.Zero, WaitForReady = true, Response = response };

        Assert.Equal((Now, TimeSpan.Zero, true), (context.Deadline, context.Timeout, context.WaitForReady));
        Assert.Equal(DateTimeKind.Utc, context.Deadline!.Value.Kind);
        Assert.Same(response, context.Response);
        Assert.Equal((null, null, CallCancellation.None), (context.Headers, context.Peer, context.Cancellation));
    }

    [Fact]
    public void Context_OfNothing_SaysNothing()
    {
        CallContext context = default;

        Assert.Equal((null, null, false, null), (context.Deadline, context.Timeout, context.WaitForReady, context.Response));
    }

    [Fact]
    public void Limits_ThatAreNone_AreNone()
    {
        var context = new CallContext { Deadline = DateTime.MaxValue, Timeout = Timeout.InfiniteTimeSpan };

        Assert.Equal((null, null), (context.Deadline, context.Timeout));
    }

    [Fact]
    public void Deadline_OfLocalTime_IsConverted()
    {
        Assert.Equal(Now, new CallContext { Deadline = Now.ToLocalTime() }.Deadline);
    }

    [Fact]
    public void Timeout_ThatIsNegative_IsRefused()
    {
        Assert.Equal("Timeout", Assert.Throws<ArgumentOutOfRangeException>(() => new CallContext { Timeout = TimeSpan.FromSeconds(-1) }).ParamName);
    }

    [Fact]
    public void Response_OfACallThatIsHandled_IsNotTakenForAnother()
    {
        var handled = new TestServerCallContext().Call;

        Assert.Contains("belongs to a call that this side handles", Assert.Throws<ArgumentException>(() => new CallContext { Response = handled.Response }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Handler_ReadsWhatHasCome()
    {
        var call = new TestServerCallContext(peer: "test peer", deadline: Now, requestHeaders: new Metadata { { "name", "value" } });
        var context = call.Call;

        Assert.Same(call.RequestHeaders, context.Headers);
        Assert.Equal((Now, null, "test peer", false), (context.Deadline, context.Timeout, context.Peer, context.WaitForReady));
    }

    [Fact]
    public void Null_AsArgument_IsRefusedAtOnce()
    {
        var client = Bound.Client<IEcho>(new NoInvoker());

        Assert.Throws<ArgumentNullException>("request", () => { _ = client.UnaryAsync(null!).AsTask(); });
        Assert.Throws<ArgumentNullException>("request", () => { _ = client.DownloadAsync(null!); });
        Assert.Throws<ArgumentNullException>("requests", () => { _ = client.UploadAsync(null!).AsTask(); });
        Assert.Throws<ArgumentNullException>("requests", () => { _ = client.DuplexAsync(null!); });
    }

    private async Task RunAsync(MethodType kind, CallContext call)
    {
        await using var link = await EchoLink.StartAsync();
        link.Service.OnUpload = static (_, _, _) => new(new EchoReply());
        link.Service.OnDuplex = static (_, _, _) => Nothing();
        await Bound.Client<IEcho>(link.Invoker.Intercept(_recorder), _clock).RunAsync(kind, call).Within();

        static async IAsyncEnumerable<EchoReply> Nothing()
        {
            await Task.CompletedTask;
            yield break;
        }
    }
}
