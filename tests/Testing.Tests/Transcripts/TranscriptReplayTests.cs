using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Transcripts;

public sealed class TranscriptReplayTests
{
    private readonly Transcript _recorded = Transcript.Load("echo.transcript.txt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Caller_Replayed_GetsTheAnswersOfTheTranscript(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync(plugin => plugin.AddContract<IEcho, TalkHandler>(), way, cancellationToken: Token).Within();

        await _recorded.ReplayCallerAsync(harness.CallInvoker, [Echo.Descriptor], Token).Within();
    }

    [Theory]
    [InlineData("hello, Ada", "hullo, Ada", "Line 6: ")]
    [InlineData("NotFound \"There is no 'nobody'.\"", "NotFound \"There is a 'nobody'.\"", "Line 11: ")]
    [InlineData("4 response {\"value\":\"again 2\"}\n", "", "Line 21: ")]
    [InlineData("1 trailer x-cost: \"3\"\n", "", "Line 7: ")]
    [InlineData("1 response-header x-served-by: \"me\"\n", "1 response-header x-served-by: \"you\"\n", "Line 5: ")]
    [InlineData("5 end-of-requests", "5 end-of-requests\n5 response {\"value\":\"THREE\"}", "Line 30: ")]
    public async Task Caller_WhosePluginAnswersSomethingElse_FailsWithTheLine(string answer, string expected, string line)
    {
        await using var harness = await PluginHarness.StartAsync(plugin => plugin.AddContract<IEcho, TalkHandler>(), cancellationToken: Token).Within();
        var other = Transcript.Parse(_recorded.ToString().Replace(answer, expected, StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => other.ReplayCallerAsync(harness.CallInvoker, [Echo.Descriptor], Token).Within());

        Assert.Contains(line, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_OfAServiceThatIsNotGiven_IsRefused() =>
        Assert.Contains(
            "/plugwire.tests.echo.v1.Echo/Unary",
            (await Assert.ThrowsAsync<ArgumentException>(() => _recorded.ReplayCallerAsync(_recorded.ReplayPlugin(), [], Token).Within())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Caller_WithARequestThatIsNone_IsRefusedWithItsLine()
    {
        var broken = Transcript.Parse("1 call /plugwire.tests.echo.v1.Echo/Unary\n1 request {\"values\":1}\n1 status OK");

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => broken.ReplayCallerAsync(broken.ReplayPlugin(), [Echo.Descriptor], Token).Within());

        Assert.StartsWith("Line 2 of the transcript", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothSides_Replayed_AgreeWithEachOther()
    {
        var plugin = _recorded.ReplayPlugin();

        await _recorded.ReplayCallerAsync(plugin, [Echo.Descriptor], Token).Within();

        plugin.VerifyComplete();
    }

    [Fact]
    public async Task Plugin_Replayed_AnswersATypedCallerAsRecorded()
    {
        var plugin = _recorded.ReplayPlugin();

        await Conversation.HoldAsync(plugin.GetContract<IEcho>());

        plugin.VerifyComplete();
    }

    [Fact]
    public async Task Plugin_Replayed_AnswersAClassicCaller()
    {
        var client = new Echo.EchoClient(_recorded.ReplayPlugin());

        using var call = client.UnaryAsync(new Text { Value = "Ada" }, new Metadata { { "x-tenant", "blue" } }, cancellationToken: Token);

        Assert.Equal("hello, Ada", (await call.ResponseAsync.Within()).Value);
        Assert.Equal("me", (await call.ResponseHeadersAsync.Within()).GetValue("x-served-by"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("3", call.GetTrailers().GetValue("x-cost"));
    }

    [Fact]
    public async Task Plugin_WhoseCallerSendsAnotherRequest_FailsItWithTheLine()
    {
        var plugin = _recorded.ReplayPlugin();
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () => await plugin.GetContract<IEcho>().UnaryAsync(new Text { Value = "Eve" }, new CallContext { Headers = new Metadata { { "x-tenant", "blue" } } }, Token));

        Assert.Equal("Expected was line 4 of the transcript: 1 request {\"value\":\"Ada\"}. Found: {\"value\":\"Eve\"}.", failure.Message);
        Assert.Throws<ExpectationException>(plugin.VerifyComplete);
    }

    [Fact]
    public async Task Plugin_WhoseCallerLeavesAHeaderOut_FailsItWithTheLine()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () => await _recorded.ReplayPlugin().GetContract<IEcho>().UnaryAsync(new Text { Value = "Ada" }, cancellationToken: Token));

        Assert.Equal("Expected was line 3 of the transcript: 1 header x-tenant: \"blue\". Found: no such header.", failure.Message);
    }

    [Fact]
    public void Plugin_WhoseCallerMakesAnotherCall_FailsItWithTheLine()
    {
        var client = new Echo.EchoClient(_recorded.ReplayPlugin());

        var failure = Assert.Throws<ExpectationException>(() => client.Repeat(new Text { Value = "again" }, cancellationToken: Token));

        Assert.Equal(
            "The caller calls /plugwire.tests.echo.v1.Echo/Repeat with {\"value\":\"again\"}; expected was line 2 of the transcript: 1 call /plugwire.tests.echo.v1.Echo/Unary.", failure.Message);
    }

    [Fact]
    public async Task Plugin_WhoseCallerSendsMoreInAStream_FailsItOnBothSides()
    {
        var recorded = Transcript.Parse(StreamOf("one"));
        var plugin = recorded.ReplayPlugin();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => Conversation.PingPongAsync(plugin.GetContract<IEcho>(), "one", "two"));

        Assert.Contains("line 5", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ExpectationException>(plugin.VerifyComplete);
    }

    [Fact]
    public async Task Plugin_WhoseCallerStopsBeforeTheEnd_SaysWhatIsMissing()
    {
        var plugin = _recorded.ReplayPlugin();
        await plugin.GetContract<IEcho>().UnaryAsync(new Text { Value = "Ada" }, new CallContext { Headers = new Metadata { { "x-tenant", "blue" } } }, Token).AsTask().Within();

        var failure = Assert.Throws<ExpectationException>(plugin.VerifyComplete);

        Assert.Equal("The caller was expected to go on with line 9 of the transcript, and has not: 2 call /plugwire.tests.echo.v1.Echo/Unary.", failure.Message);
    }

    [Fact]
    public void Plugin_WhoseCallerMakesOneCallMore_FailsIt()
    {
        var client = new Echo.EchoClient(Transcript.Parse("# nothing").ReplayPlugin());

        Assert.Contains("has no further call", Assert.Throws<ExpectationException>(() => client.UnaryAsync(new Text(), cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    private static string StreamOf(string word) =>
        $$"""
        # a stream of one word
        1 call /plugwire.tests.echo.v1.Echo/Both
        1 request {"value":"{{word}}"}
        1 response {"value":"{{word.ToUpperInvariant()}}"}
        1 end-of-requests
        1 status OK
        """;
}
