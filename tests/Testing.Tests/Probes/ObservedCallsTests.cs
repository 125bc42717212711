using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Testing.Tests.Harness;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Probes;

/// <summary>A real handler at the other end: what the harness sees of it.</summary>
public sealed class ObservedCallsTests
{
    private static readonly Text A = new() { Value = "a" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Call_OfARealHandler_IsCountedAndCompletes(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, cancellationToken: Token);
        var requests = new StreamSource<Text>();
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, requests);
        var handled = await harness.Calls.NextAsync(nameof(IEcho.BothAsync), Token).Within();

        await requests.WriteAsync(A, Token).Within();
        await caller.Responses.ExpectAsync(A, Token).Within();
        await handled.WaitForAsync(call => call.ResponsesWritten == 1, Token).Within();
        Assert.False(handled.HasEnded);
        requests.Complete();
        await handled.ExpectCompletionAsync(Token).Within();

        await caller.Responses.ExpectEndAsync(Token).Within();
        Assert.Equal("/plugwire.tests.echo.v1.Echo/Both: 1 request read and their end, 1 response written, it has ended with OK.", handled.ToString());
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Call_ThatItsCallerLeaves_IsCancelledByTheCaller(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, cancellationToken: Token);
        var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, new StreamSource<Text>());
        var handled = await harness.Calls.NextAsync("Echo/Both", Token).Within();

        await caller.DisposeAsync();

        await handled.ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
        var other = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectCancelledAsync(CallCancellation.Deadline, Token).Within());
        var completed = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectCompletionAsync(Token).Within());
        Assert.StartsWith("Of a handled call was expected: its token fires (Deadline) and it ends. /plugwire.tests.echo.v1.Echo/Both: ", other.Message, StringComparison.Ordinal);
        Assert.Contains("its token has fired (Caller), it has failed with Cancelled", completed.Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Call_WhoseHandlerFails_HasItsStatus_AndNoOther(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync(
            plugin => plugin.AddContract<IEcho>(new Strange { Failure = new ArgumentException("no such rule") }), way, cancellationToken: Token);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, A);
        var handled = await harness.Calls.NextAsync("Repeat", Token).Within();

        Assert.Equal("no such rule", (await handled.ExpectErrorAsync(StatusCode.InvalidArgument, Token).Within()).Detail);
        var other = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectErrorAsync(StatusCode.NotFound, Token).Within());
        var completed = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectCompletionAsync(Token).Within());
        var cancelled = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectCancelledAsync(CallCancellation.Caller, Token).Within());

        Assert.Contains("it fails with the status NotFound.", other.Message, StringComparison.Ordinal);
        Assert.Contains("it has failed with InvalidArgument", completed.Message, StringComparison.Ordinal);
        Assert.Contains("its token fires (Caller)", cancelled.Message, StringComparison.Ordinal);
        await caller.Responses.ExpectStatusAsync(StatusCode.InvalidArgument, Token).Within();
    }

    [Fact]
    public async Task Call_WhoseHandlerDoesNotHeedItsToken_FailsTheExpectationOfItsEnd()
    {
        var calls = new ObservedCalls(_ => Task.CompletedTask) { Limit = TimeSpan.FromMilliseconds(100) };
        var release = new TaskCompletionSource();
        await using var harness = await PluginHarness.StartAsync(
            plugin => plugin.AddContract<IEcho>(new Strange { Release = release.Task }),
            configure: options => options.ConfigurePlugin(plugin => Observe(plugin, calls)),
            cancellationToken: Token);
        var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, A);
        var handled = await harness.Calls.NextAsync("Repeat", Token).Within();
        var impatient = await calls.NextAsync("Repeat", Token).Within();

        await caller.DisposeAsync();
        await handled.WaitForAsync(call => call.Cancellation == CallCancellation.Caller, Token).Within();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => impatient.ExpectCancelledAsync(CallCancellation.Caller, Token).Within());

        Assert.Contains("its token has fired (Caller), it still runs.", failure.Message, StringComparison.Ordinal);
        release.SetResult();
        await handled.ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
    }

    [Fact]
    public async Task Next_OfAMethodThatIsNotCalled_FailsWithWhatWas()
    {
        var calls = new ObservedCalls(_ => Task.CompletedTask) { Limit = TimeSpan.FromMilliseconds(50) };
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(configure: options => options.ConfigurePlugin(plugin => Observe(plugin, calls)), cancellationToken: Token);

        var none = await Assert.ThrowsAsync<ExpectationException>(() => calls.NextAsync("Both", Token).Within());
        _ = await harness.GetContract<IEcho>().UnaryAsync(A, cancellationToken: Token);
        var other = await Assert.ThrowsAsync<ExpectationException>(() => calls.NextAsync("nary", Token).Within());

        Assert.Contains("A further call of 'Both' was expected to come to its handler. None of any method has come.", none.Message, StringComparison.Ordinal);
        Assert.Contains("  /plugwire.tests.echo.v1.Echo/Unary: 1 request read and their end, 1 response written, it has ended with OK.", other.Message, StringComparison.Ordinal);
        _ = await calls.NextAsync("plugwire.tests.echo.v1.Echo/Unary", Token).Within();
    }

    [Fact]
    public async Task WaitFor_WhatDoesNotBecomeTrueBeforeTheEnd_FailsAtTheEnd()
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);
        _ = await harness.GetContract<IEcho>().UnaryAsync(A, cancellationToken: Token);
        var handled = await harness.Calls.NextAsync("Unary", Token).Within();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handled.WaitForAsync(call => call.RequestsRead == 2, Token).Within());

        Assert.StartsWith("Of a handled call was expected: call => call.RequestsRead == 2. /plugwire.tests.echo.v1.Echo/Unary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatIsLeftOpen_IsToldOfAtTheTestsOwnPlace()
    {
        var harness = await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);
        _ = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, new StreamSource<Text>());

        var failure = await Assert.ThrowsAsync<ExpectationException>(async () => await harness.DisposeAsync());

        var lines = failure.Message.Split(Environment.NewLine);
        Assert.Contains(nameof(Call_ThatIsLeftOpen_IsToldOfAtTheTestsOwnPlace), lines[Array.FindIndex(lines, line => line.Contains("was begun here", StringComparison.Ordinal)) + 1], StringComparison.Ordinal);
    }

    private static void Observe(IPluginBuilder plugin, ObservedCalls calls)
    {
        plugin.Services.Add(new Microsoft.Extensions.DependencyInjection.ServiceDescriptor(typeof(SecondObserver), new SecondObserver(calls)));
        plugin.AddInterceptor<SecondObserver>();
    }

    internal sealed class SecondObserver(ObservedCalls calls) : Grpc.Core.Interceptors.Interceptor
    {
        private readonly Plugwire.Testing.Probes.Observing.CallObserver _observer = new(calls);

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            _observer.UnaryServerHandler(request, context, continuation);

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            _observer.ServerStreamingServerHandler(request, responseStream, context, continuation);
    }

    private sealed class Strange : IEcho
    {
        public Exception? Failure { get; init; }

        public Task? Release { get; init; }

        public async IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (Failure is not null)
                throw Failure;
            await Release!.WaitAsync(CancellationToken.None);
            yield break;
        }
    }
}
