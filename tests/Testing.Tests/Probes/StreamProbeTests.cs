using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Plugwire.Testing.Tests.Probes;

public sealed class StreamProbeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_OfSome_PullsExactlySoMany()
    {
        var pulled = 0;
        await using var probe = new StreamProbe<int>(Numbers());

        Assert.Equal([0, 1, 2], await probe.TakeAsync(3, Token).Within());

        Assert.Equal(3, pulled);
        Assert.Equal(3, probe.Count);

        async IAsyncEnumerable<int> Numbers()
        {
            await Task.Yield();
            while (true)
                yield return pulled++;
        }
    }

    [Fact]
    public async Task Take_OfAStreamThatIsTooShort_FailsWithWhatCame()
    {
        await using var probe = new StreamProbe<string>(Stream("a", "b"));

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.TakeAsync(3, Token).Within());

        Assert.StartsWith("3 messages were to be taken, and message 3 of them was expected on the stream of String, and it has ended. 2 messages had been received:", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("  a" + Environment.NewLine + "  b", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_OfAStreamThatBringsNothing_FailsInTime_AndTheMessageThatComesLateIsTheNextOne()
    {
        var source = new StreamSource<string>();
        await using var probe = new StreamProbe<string>(source) { Limit = Short };

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.NextAsync(Token).Within());
        await source.WriteAsync("late", Token).Within();

        Assert.Contains("The next message was expected, and the stream of String brings nothing. Nothing had been received.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("late", await probe.NextAsync(Token).Within());
    }

    [Fact]
    public async Task Next_WhenTheTestsTokenFires_IsCancelled_AndLosesNothing()
    {
        var source = new StreamSource<string>();
        await using var probe = new StreamProbe<string>(source);
        using var cancelled = new CancellationTokenSource();
        var next = probe.NextAsync(cancelled.Token);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Within());
        await source.WriteAsync("kept", Token).Within();

        Assert.Equal("kept", await probe.NextAsync(Token).Within());
    }

    [Fact]
    public async Task Expect_OfAMessage_HoldsForAnEqualOneOnly()
    {
        await using var probe = new StreamProbe<string>(Stream("a", "b"));

        await probe.ExpectAsync("a", Token).Within();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectAsync("a", Token).Within());

        Assert.Contains("The message a was expected on the stream of String, and a message came: b.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectEnd_HoldsAtTheEnd_AndAgain()
    {
        await using var probe = new StreamProbe<string>(Stream());

        await probe.ExpectEndAsync(Token).Within();
        await probe.ExpectEndAsync(Token).Within();
    }

    [Fact]
    public async Task ExpectEnd_OfAStreamThatGoesOn_FailsWithTheMessage()
    {
        await using var probe = new StreamProbe<string>(Stream("more"));

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectEndAsync(Token).Within());

        Assert.Contains("The end of the stream was expected on the stream of String, and a message came: more.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectEnd_OfAStreamThatFails_FailsWithThat()
    {
        await using var probe = new StreamProbe<string>(Failing(new InvalidDataException("broken")));

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectEndAsync(Token).Within());

        Assert.Contains("it failed with InvalidDataException: broken", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(failure.InnerException);
    }

    [Fact]
    public async Task ExpectError_HoldsForItsKindOfFailureOnly()
    {
        await using var probe = new StreamProbe<string>(Failing(new InvalidDataException("broken")));

        Assert.Equal("broken", (await probe.ExpectErrorAsync<InvalidDataException>(Token).Within()).Message);
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectErrorAsync<IOException>(Token).Within());

        Assert.Contains("A failure of the stream by IOException was expected on the stream of String, and it failed with InvalidDataException", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectStatus_HoldsForItsStatusOnly()
    {
        await using var probe = new StreamProbe<string>(Failing(new RpcException(new Status(StatusCode.NotFound, "gone"))));

        Assert.Equal("gone", (await probe.ExpectStatusAsync(StatusCode.NotFound, Token).Within()).Status.Detail);
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectStatusAsync(StatusCode.Aborted, Token).Within());

        Assert.Contains("A failure of the stream by the status Aborted was expected", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NotFound", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectStatus_OfAStreamThatEndsWell_Fails()
    {
        await using var probe = new StreamProbe<string>(Stream());

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectStatusAsync(StatusCode.Aborted, Token).Within());

        Assert.Contains("and it has ended.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectSilence_UntilAFence_HoldsWhereNothingComesBefore()
    {
        var source = new StreamSource<string>();
        await using var probe = new StreamProbe<string>(source);

        await probe.ExpectSilenceAsync(source, "fence", Token).Within();
        await probe.ExpectSilenceAsync(token => source.WriteAsync("another", token), message => message == "another", Token).Within();

        Assert.Equal(2, probe.Count);
    }

    [Fact]
    public async Task ExpectSilence_WhereAMessageComesBefore_FailsWithIt()
    {
        var source = new StreamSource<string>();
        await using var probe = new StreamProbe<string>(source);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.ExpectSilenceAsync(
            async token =>
            {
                await source.WriteAsync("noise", token);
                await source.WriteAsync("fence", token);
            },
            message => message == "fence",
            Token).Within());

        Assert.Contains("Silence until the fence's message (message => message == \"fence\") was expected on the stream of String, and a message came: noise.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectSilence_WithAFenceThatFails_FailsWithThat()
    {
        await using var probe = new StreamProbe<string>(new StreamSource<string>());

        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => probe.ExpectSilenceAsync(_ => Task.FromException(new InvalidDataException("no fence")), _ => true, Token).Within());

        Assert.Equal("no fence", failure.Message);
    }

    [Fact]
    public async Task Disposal_WithAReadThatWaits_CancelsIt_AndDisposesOfTheEnumeration()
    {
        var source = new StreamSource<string>();
        var probe = new StreamProbe<string>(source);
        var next = probe.NextAsync(Token);

        await probe.DisposeAsync();

        await source.ExpectCancelledAsync(Token).Within();
        await source.ExpectDisposedAsync(Token).Within();
        await Assert.ThrowsAsync<ExpectationException>(() => next.Within());
    }

    [Fact]
    public async Task Disposal_WithAReadThatHeedsNoToken_Fails()
    {
        var end = new TaskCompletionSource();
        var probe = new StreamProbe<string>(Deaf()) { Limit = Short };
        _ = await Assert.ThrowsAsync<ExpectationException>(() => probe.NextAsync(Token).Within());

        var failure = await Assert.ThrowsAsync<ExpectationException>(async () => await probe.DisposeAsync());

        Assert.Contains("it does not heed its token", failure.Message, StringComparison.Ordinal);
        end.SetResult();

        async IAsyncEnumerable<string> Deaf()
        {
            await end.Task;
            yield break;
        }
    }

    [Fact]
    public async Task Failure_AfterManyMessages_ShowsTheLastOfThem_EachCut()
    {
        await using var probe = new StreamProbe<string>(Stream([.. Enumerable.Range(0, 30).Select(number => $"<{number}>" + new string('x', 1000))]));
        _ = await probe.TakeAsync(30, Token).Within();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => probe.NextAsync(Token).Within());

        Assert.Contains("… 20 before", failure.Message, StringComparison.Ordinal);
        Assert.Contains("<29>", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<19>", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Length < 3500, failure.Message);
    }

    private static async IAsyncEnumerable<string> Stream(params string[] messages)
    {
        foreach (var message in messages)
        {
            await Task.Yield();
            yield return message;
        }
    }

    private static async IAsyncEnumerable<string> Failing(Exception failure, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.FromException(failure).WaitAsync(cancellationToken);
        yield break;
    }
}
