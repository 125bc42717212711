using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakeCallsTests
{
    private readonly FakeContract<IEcho> _echo = new(new Harness.EchoHandler());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Single_OfOneCall_IsIt_AndOfNoneOrTwo_FailsWithWhatThereIs()
    {
        Assert.Equal("One call of the fake of IEcho was expected, and there are 0. There has been none.", Assert.Throws<ExpectationException>(() => _echo.Calls.Single()).Message);

        await AskAsync("a");
        await AskAsync("b");

        Assert.Equal("b", ((FakeCall<Text>)_echo.Calls.Single(call => call.Messages.Contains(new Text { Value = "b" }))).Request.Value);
        var failure = Assert.Throws<ExpectationException>(() => _echo.Calls.Single(call => call.Method == "Unary"));
        Assert.StartsWith("One call of the fake of IEcho was expected for which call => call.Method == \"Unary\", and there are 2. The calls:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("""  Echo/Unary({ "value": "a" }) → OK""", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_OfNoCall_Holds_AndOfOne_FailsWithIt()
    {
        _echo.Calls.None();

        await AskAsync("a");

        _echo.Calls.None(call => call.Method == "Both");
        var failure = Assert.Throws<ExpectationException>(() => _echo.Calls.None(call => call.Method == "Unary"));
        Assert.StartsWith("No call of the fake of IEcho was expected for which call => call.Method == \"Unary\". The calls:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Echo/Unary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ByNumber_FailsWithWhatThereIs_WhenThereAreNotSoMany()
    {
        await AskAsync("a");

        Assert.Equal("Unary", _echo.Calls[0].Method);
        Assert.StartsWith("At least 2 calls of the fake of IEcho were expected. The calls:", Assert.Throws<ExpectationException>(() => _echo.Calls[1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_ACallThatComesLater_IsIt()
    {
        var waiting = _echo.Calls.WaitForAsync(call => call.Messages.Contains(new Text { Value = "b" }), Token);

        await AskAsync("a");
        Assert.False(waiting.IsCompleted);
        await AskAsync("b");

        Assert.Equal("Unary", (await waiting.Within()).Method);
    }

    [Fact]
    public async Task WaitFor_ACallThatNeverComes_FailsWithWhatCame()
    {
        await AskAsync("a");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => _echo.Calls.WaitForAsync(call => call.Method == "Both", "call => call.Method == \"Both\"", TimeSpan.FromMilliseconds(1), Token).Within());

        Assert.StartsWith("A call of the fake of IEcho was expected for which call => call.Method == \"Both\". The calls:", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Waited 0.001 s.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_WithAPredicateThatThrows_FaultsWithThat()
    {
        await AskAsync("a");

        await Assert.ThrowsAsync<FormatException>(() => _echo.Calls.WaitForAsync(_ => throw new FormatException(), Token).Within());
    }

    [Fact]
    public async Task WaitForTheEnd_OfACallThatGoesOn_FailsWithTheCall()
    {
        var unary = _echo.When(c => c.UnaryAsync, (Text request) => request);
        var hold = unary.Hold();
        var asking = AskAsync("held");
        var call = await unary.Calls.WaitForAsync(cancellationToken: Token).Within();

        var notEnded = await Assert.ThrowsAsync<ExpectationException>(() => call.WaitForEndAsync(TimeSpan.FromMilliseconds(1), Token).Within());
        var notCancelled = await Assert.ThrowsAsync<ExpectationException>(() => call.WaitForCancellationAsync(TimeSpan.FromMilliseconds(1), Token).Within());

        Assert.StartsWith("""The call was expected to end, and it has not: Echo/Unary({ "value": "held" }) → runs.""", notEnded.Message, StringComparison.Ordinal);
        Assert.StartsWith("The call was expected to be cancelled, and it goes on: Echo/Unary(", notCancelled.Message, StringComparison.Ordinal);
        hold.Release();
        await asking;
    }

    [Fact]
    public async Task WaitForCancellation_OfACallThatHasEndedWell_Fails()
    {
        await AskAsync("a");

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => _echo.Calls[0].WaitForCancellationAsync(Token).Within());

        Assert.StartsWith("The call was expected to be cancelled, and it has ended without: Echo/Unary(", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfACallThatHasSentNone_Fails()
    {
        var collect = _echo.When(c => c.CollectAsync, (IReadOnlyList<Text> _) => new Text());

        await _echo.Object.CollectAsync(AsyncEnumerable.Empty<Text>(), cancellationToken: Token).AsTask().Within();

        Assert.StartsWith("A request was expected, and none has been read yet: Echo/Collect() → OK", Assert.Throws<ExpectationException>(() => collect.Calls[0].Request).Message, StringComparison.Ordinal);
    }

    private async Task AskAsync(string value)
    {
        await _echo.Object.UnaryAsync(new Text { Value = value }, cancellationToken: Token).AsTask().Within();
        await _echo.Calls.WaitForAsync(call => call.Status is not null && call.Messages.Contains(new Text { Value = value }), Token);
    }
}
