using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakeContractTests
{
    private readonly FakeContract<IEcho> _echo = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfAnAnsweredMethod_IsAnsweredAndRecorded()
    {
        var unary = _echo.When(c => c.UnaryAsync, (Text request) => Say(request.Value + "!"));
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);

        var answer = await _echo.Object.UnaryAsync(Say("hello"), new CallContext { Headers = new Metadata { { "tenant", "7" } }, Deadline = deadline }, Token).AsTask().Within();

        Assert.Equal("hello!", answer.Value);
        var call = unary.Calls.Single();
        Assert.Equal("hello", call.Request.Value);
        Assert.Equal("7", call.Headers.GetValue("tenant"));
        Assert.Equal(deadline, call.Deadline);
        Assert.Equal(StatusCode.OK, (await call.WaitForEndAsync(Token)).StatusCode);
        Assert.Equal(CallCancellation.None, call.Cancellation);
        Assert.Same(call, _echo.Calls.Single(c => c.Method == "Unary"));
    }

    [Fact]
    public async Task Messages_AreNeverSharedByTheTwoSides()
    {
        var (request, reply) = (Say("asked"), Say("answered"));
        Text? taken = null;
        var unary = _echo.When(c => c.UnaryAsync, (Text got) =>
        {
            (taken, got.Value) = (got, "changed by the answer");
            return reply;
        });

        var answer = await _echo.Object.UnaryAsync(request, cancellationToken: Token).AsTask().Within();
        request.Value = answer.Value = "changed by the caller";

        Assert.NotSame(request, taken);
        Assert.Equal("answered", reply.Value);
        Assert.Equal("asked", unary.Calls[0].Request.Value);
    }

    [Fact]
    public async Task Answers_AreGivenInTurn_AndTheLastStays()
    {
        _echo.When(c => c.UnaryAsync, (Text _) => throw new RpcException(new Status(StatusCode.Unavailable, "not yet")), _ => Say("one"), _ => Say("two"));

        var first = await Assert.ThrowsAsync<RpcException>(() => AskAsync());

        Assert.Equal("not yet", first.Status.Detail);
        Assert.Equal(["one", "two", "two"], [await AskAsync(), await AskAsync(), await AskAsync()]);
    }

    [Fact]
    public async Task Answer_ThatThrowsARichError_FailsTheCallWithItsDetails()
    {
        _echo.When<Text, Text>(c => c.UnaryAsync, _ => throw RichError.Create(StatusCode.InvalidArgument, "bad", Say("the detail")));

        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync());

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.True(failure.TryGetDetail<Text>(out var detail));
        Assert.Equal("the detail", detail.Value);
        Assert.Equal(StatusCode.InvalidArgument, _echo.Calls.Single().Status?.StatusCode);
    }

    [Theory]
    [InlineData(typeof(ArgumentException), StatusCode.InvalidArgument)]
    [InlineData(typeof(KeyNotFoundException), StatusCode.NotFound)]
    [InlineData(typeof(InvalidOperationException), StatusCode.Unknown)]
    public async Task Answer_ThatThrows_BecomesTheStatusOfAHandlerThatDoes(Type type, StatusCode expected)
    {
        _echo.When<Text, Text>(c => c.UnaryAsync, _ => throw (Exception)Activator.CreateInstance(type, "of the answer")!);

        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync());

        Assert.Equal(expected, failure.StatusCode);
        Assert.Contains("of the answer", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_WithoutAnAnswer_IsUnimplementedAndNamed()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync());

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Equal("plugwire.tests.echo.v1.Echo/Unary is not implemented: the fake of IEcho has no answer for it. Tell it one with When.", failure.Status.Detail);
        Assert.Equal(StatusCode.Unimplemented, _echo.Calls.Single().Status?.StatusCode);
    }

    [Fact]
    public async Task Method_WithoutAnAnswer_IsAnsweredByTheImplementation()
    {
        var echo = new FakeContract<IEcho>(new Harness.EchoHandler());

        var answer = await echo.Object.UnaryAsync(Say("hello"), cancellationToken: Token).AsTask().Within();

        Assert.Equal("hello", answer.Value);
        Assert.Equal("Unary", echo.Calls.Single().Method);
    }

    [Fact]
    public async Task Streams_OfAllKinds_AreAnswered()
    {
        var repeat = _echo.When(c => c.RepeatAsync, (Text request) => new[] { Say(request.Value + 1), Say(request.Value + 2) });
        var collect = _echo.When(c => c.CollectAsync, (IReadOnlyList<Text> requests) => Say(string.Concat(requests.Select(request => request.Value))));
        var both = _echo.When(c => c.BothAsync, (Text request) => new[] { request, request });

        Assert.Equal(["r1", "r2"], await ReadAsync(_echo.Object.RepeatAsync(Say("r"), cancellationToken: Token)));
        Assert.Equal("abc", (await _echo.Object.CollectAsync(Texts("a", "b", "c"), cancellationToken: Token).AsTask().Within()).Value);
        Assert.Equal(["x", "x", "y", "y"], await ReadAsync(_echo.Object.BothAsync(Texts("x", "y"), cancellationToken: Token)));

        Assert.Equal("r", repeat.Calls.Single().Request.Value);
        Assert.Equal(["a", "b", "c"], collect.Calls.Single().Requests.Select(request => request.Value));
        Assert.Equal(["x", "y"], both.Calls.Single().Requests.Select(request => request.Value));
        Assert.Equal(["Repeat", "Collect", "Both"], _echo.Calls.Select(call => call.Method));
    }

    [Fact]
    public async Task Handlers_OfAllKinds_Answer()
    {
        _echo.When(c => c.UnaryAsync, async (Text request, CallContext call, CancellationToken token) =>
        {
            call.Response!.Headers.Add("header", "h");
            call.Response.Trailers.Add("trailer", "t");
            await Task.Yield();
            return request;
        });
        _echo.When(c => c.RepeatAsync, (Text request, CallContext _, CancellationToken token) => TwiceAsync(Texts(request.Value), token));
        _echo.When(c => c.CollectAsync, async (IAsyncEnumerable<Text> requests, CallContext _, CancellationToken token) => await requests.FirstAsync(token));
        _echo.When(c => c.BothAsync, (IAsyncEnumerable<Text> requests, CallContext _, CancellationToken token) => TwiceAsync(requests, token));
        var response = new CallResponse();

        await _echo.Object.UnaryAsync(Say("u"), new CallContext { Response = response }, Token).AsTask().Within();

        Assert.Equal("h", response.Headers.GetValue("header"));
        Assert.Equal("t", response.Trailers.GetValue("trailer"));
        Assert.Equal(["r", "r"], await ReadAsync(_echo.Object.RepeatAsync(Say("r"), cancellationToken: Token)));
        Assert.Equal("a", (await _echo.Object.CollectAsync(Texts("a", "b"), cancellationToken: Token).AsTask().Within()).Value);
        Assert.Equal(["x", "x"], await ReadAsync(_echo.Object.BothAsync(Texts("x"), cancellationToken: Token)));
    }

    [Fact]
    public void Answer_OfAMethodThatIsNotTheContracts_IsRefused()
    {
        var another = new Harness.EchoHandler();

        var refusal = Assert.Throws<ArgumentException>(() => _echo.When(_ => another.UnaryAsync, (Text request) => request));

        Assert.Contains("pick a method of IEcho itself", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Unary (Unary), Collect (ClientStreaming), Repeat (ServerStreaming), Both (DuplexStreaming)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Method_WithNoAnswerAtAll_IsRefused() =>
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => _echo.When(c => c.UnaryAsync, Array.Empty<Func<Text, Text>>())).Message, StringComparison.Ordinal);

    private static Text Say(string value) => new() { Value = value };

    private static IAsyncEnumerable<Text> Texts(params string[] values) => values.Select(Say).ToAsyncEnumerable();

    private static async IAsyncEnumerable<Text> TwiceAsync(IAsyncEnumerable<Text> requests, [EnumeratorCancellation] CancellationToken token)
    {
        await foreach (var request in requests.WithCancellation(token))
        {
            yield return request;
            yield return request;
        }
    }

    private static async Task<string[]> ReadAsync(IAsyncEnumerable<Text> responses) => await responses.Select(response => response.Value).ToArrayAsync(Token).AsTask().Within();

    private async Task<string> AskAsync() => (await _echo.Object.UnaryAsync(Say("?"), cancellationToken: Token).AsTask().Within()).Value;
}
