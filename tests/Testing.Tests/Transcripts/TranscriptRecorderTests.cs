using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Transcripts;

public sealed class TranscriptRecorderTests
{
    private readonly TranscriptRecorder _recorder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conversation_OfAllKindsOfCalls_IsAsItsFileHasIt()
    {
        await using var harness = await Conversation.StartAsync(_recorder).Within();

        await Conversation.HoldAsync(harness.GetContract<IEcho>());

        await _recorder.VerifyAsync("echo.transcript.txt", Token).Within();
    }

    [Fact]
    public async Task Conversation_RecordedByTheSideThatHandlesIt_IsAsItsFileHasIt()
    {
        await using var harness = await PluginHarness.StartAsync(
            plugin => plugin.AddContract<IEcho, TalkHandler>(), PluginWay.Memory,
            options => options.ConfigurePlugin(plugin =>
            {
                plugin.Services.AddSingleton(_recorder);
                plugin.AddInterceptor<TranscriptRecorder>();
            }),
            Token).Within();

        await Conversation.PingPongAsync(harness.GetContract<IEcho>(), "one", "two");

        Assert.Equal(
            """
            1 serve /plugwire.tests.echo.v1.Echo/Both
            1 request {"value":"one"}
            1 response {"value":"ONE"}
            1 request {"value":"two"}
            1 response {"value":"TWO"}
            1 end-of-requests
            1 status OK
            """,
            Body(await _recorder.CompleteAsync(Token).Within()));
    }

    [Fact]
    public async Task Call_MadeFromAHandler_SaysFromWhich()
    {
        await using var inner = await Conversation.StartAsync(_recorder).Within();
        await using var outer = await PluginHarness.StartAsync(
            plugin => plugin.AddContract<IEcho, PassingHandler>(), PluginWay.Memory,
            options => options.ConfigurePlugin(plugin =>
            {
                plugin.Services.AddSingleton(inner.GetContract<IEcho>());
                plugin.Services.AddSingleton(_recorder);
                plugin.AddInterceptor<TranscriptRecorder>();
            }),
            Token).Within();

        await outer.GetContract<IEcho>().UnaryAsync(new Text { Value = "Ada" }, cancellationToken: Token).AsTask().Within();

        Assert.Equal(
            """
            1 serve /plugwire.tests.echo.v1.Echo/Unary
            1 request {"value":"Ada"}
            2 call /plugwire.tests.echo.v1.Echo/Unary from 1
            2 request {"value":"Ada"}
            2 response-header x-served-by: "me"
            2 response {"value":"hello, Ada"}
            2 trailer x-cost: "3"
            2 status OK
            1 response {"value":"hello, Ada"}
            1 status OK
            """,
            Body(await _recorder.CompleteAsync(Token).Within()));
    }

    [Fact]
    public async Task Call_ThatIsLetGo_EndsWithThat()
    {
        await using var harness = await Conversation.StartAsync(_recorder).Within();

        await foreach (var answer in harness.GetContract<IEcho>().RepeatAsync(new Text { Value = "again" }, cancellationToken: Token))
            break;

        Assert.EndsWith("1 response {\"value\":\"again 1\"}\n1 cancel", Body(await _recorder.CompleteAsync(Token).Within()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_OfVolatileValues_LeavesThemOut()
    {
        var options = new TranscriptOptions { Normalize = static (kind, value) => kind == "status" ? value.Replace("nobody", "<name>", StringComparison.Ordinal) : value };
        options.IgnoredFields.Add("value");
        options.IgnoredHeaders.Add("X-Cost");
        var recorder = new TranscriptRecorder(options);
        await using var harness = await Conversation.StartAsync(recorder).Within();
        var echo = harness.GetContract<IEcho>();

        await echo.UnaryAsync(new Text { Value = Guid.NewGuid().ToString() }, cancellationToken: Token).AsTask().Within();
        await Assert.ThrowsAnyAsync<RpcException>(() => echo.UnaryAsync(new Text { Value = "nobody" }, cancellationToken: Token).AsTask().Within());

        Assert.Equal(
            """
            1 call /plugwire.tests.echo.v1.Echo/Unary
            1 request {}
            1 response-header x-served-by: "me"
            1 response {}
            1 status OK
            2 call /plugwire.tests.echo.v1.Echo/Unary
            2 request {}
            2 status NotFound "There is no '<name>'."
            """,
            Body(await recorder.CompleteAsync(Token).Within()));
    }

    [Fact]
    public async Task Record_WithACallThatIsOpen_SaysWhich()
    {
        var recorder = new TranscriptRecorder { Patience = TimeSpan.FromMilliseconds(1) };
        await using var harness = await Conversation.StartAsync(recorder).Within();
        var call = new Echo.EchoClient(harness.CallInvoker).Both(cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => recorder.CompleteAsync(Token).Within());

        Assert.Contains("1 call /plugwire.tests.echo.v1.Echo/Both", failure.Message, StringComparison.Ordinal);
        call.Dispose();
        await recorder.CompleteAsync(Token).Within();
    }

    [Fact]
    public async Task Record_OfWhatIsNoMessage_FailsTheComparisonAndNotTheCall()
    {
        var text = new Method<string, string>(MethodType.Unary, "a.B", "C", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        var invoker = new AnsweringInvoker().Intercept(_recorder);

        Assert.Equal("yes", await invoker.AsyncUnaryCall(text, null, new CallOptions(cancellationToken: Token), "no message").ResponseAsync.Within());

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => _recorder.CompleteAsync(Token).Within());
        Assert.Contains("System.String is none", failure.Message, StringComparison.Ordinal);
    }

    private static string Body(Transcript transcript) => transcript.ToString()[(transcript.ToString().IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd();

    private sealed class PassingHandler(IEcho next) : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => next.UnaryAsync(request, default, cancellationToken);
    }

    private sealed class AnsweringInvoker : CallInvoker
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            new(Task.FromResult((TResponse)(object)"yes"), Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }
}
