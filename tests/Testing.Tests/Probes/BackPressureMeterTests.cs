using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Plugwire.Testing.Tests.Harness;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Probes;

public sealed class BackPressureMeterTests
{
    private const int Window = 256 * 1024;

    // Of a buffer that has no bound so much is enough to know it.
    private const int Unbounded = 4 * 1024 * 1024;

    private static readonly string Filling = new('x', 1000);
    private static readonly long OneMessage = 5 + Numbered(1000).CalculateSize();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Responses_ToACallerThatHasStopped_AreHeldUpAtTheWindow_AndNoneIsLost(PluginWay way)
    {
        var handler = new Serving();
        await using var harness = await StartAsync(handler, way);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker);
        handler.Responses = meter.Messages;
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, new Text());

        var blocked = await meter.ExpectBlockedAsync(Token).Within();
        var handled = await (await harness.Calls.NextAsync("Repeat", Token).Within()).ExpectBlockedAsync(cancellationToken: Token).Within();
        await meter.ExpectNothingLostAsync(caller.Responses, Token).Within();

        // The first message was asked for by the call's beginning.
        blocked.ExpectAtMost(Window + OneMessage);
        Assert.True(blocked.Bytes > Window / 2, blocked.ToString());
        Assert.Equal(blocked, handled);
        Assert.True(caller.Responses.Count > blocked.Messages);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Requests_ToAHandlerThatDoesNotRead_AreHeldUpAtTheWindow_AndNoneIsLost(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().CollectAsync, meter.Messages);
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();

        (await meter.ExpectBlockedAsync(Token).Within()).ExpectAtMost(Window);
        _ = await handler.Requests.TakeAsync(10, Token).Within();
        await meter.ExpectNothingLostAsync(handler.Requests, Token).Within();

        await handler.Responses.WriteAsync(new Text(), Token).Within();
        await caller.Responses.ExpectAsync(new Text(), Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Echo_WhoseResponsesNobodyTakes_HoldsItsRequestsUp(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, cancellationToken: Token);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, meter.Messages);

        (await meter.ExpectBlockedAsync(Token).Within()).ExpectAtMost((2 * Window) + (2 * OneMessage));
        await meter.ExpectNothingLostAsync(caller.Responses, Token).Within();
    }

    [Fact]
    public async Task Echo_InAProcessOfItsOwn_HoldsItsRequestsUp()
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token);
        var meter = new BackPressureMeter<Note>(number => new Note { Number = (int)number, Text = Filling }, harness.CallInvoker);
        await using var caller = CallProbe.Start(harness.GetContract<ISample>().BothAsync, meter.Messages);

        (await meter.ExpectBlockedAsync(Token).Within()).ExpectAtMost((2 * Window) + (2 * OneMessage));
        await meter.ExpectNothingLostAsync(caller.Responses, Token).Within();

        Assert.Contains("runs in a process of its own: of its handlers nothing is seen but what crosses the wire", Assert.Throws<InvalidOperationException>(() => harness.Calls).Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Handler_ThatBuffersWithoutBound_IsCaught(PluginWay way)
    {
        await using var harness = await StartAsync(new Hoarding(), way);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker, Unbounded);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, meter.Messages);

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectBlockedAsync(Token).Within());

        Assert.StartsWith("As nobody reads, the writer was expected to be held up in a write, and it writes on as if there were no end to the room", failure.Message, StringComparison.Ordinal);
        Assert.Matches(@"It has got rid of \d+ messages \(4\d{6} bytes\)\.$", failure.Message);
    }

    [Fact]
    public async Task Handler_WhoseCallerReadsOn_IsNotBlocked()
    {
        var handler = new Serving();
        await using var harness = await StartAsync(handler, PluginWay.Memory);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker, Unbounded);
        handler.Responses = meter.Messages;
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, new Text());
        var handled = await harness.Calls.NextAsync("Repeat", Token).Within();

        var reading = caller.Responses.TakeAsync((int)(Unbounded / OneMessage), Token);
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectBlockedAsync(Unbounded / 2, Token).Within());
        _ = await reading.Within();

        Assert.StartsWith("As nobody reads, the handler of /plugwire.tests.echo.v1.Echo/Repeat was expected to be held up in a write, and it writes on", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ThatHasEnded_IsNotBlocked()
    {
        await using var harness = await StartAsync(new Serving { Responses = AsyncEnumerable.Empty<Text>() }, PluginWay.Memory);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, new Text());
        var handled = await harness.Calls.NextAsync("Repeat", Token).Within();
        await handled.ExpectCompletionAsync(Token).Within();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handled.ExpectBlockedAsync(cancellationToken: Token).Within());

        Assert.Contains("and it writes no more: /plugwire.tests.echo.v1.Echo/Repeat: 1 request read", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Damage.Loss, "number 7 was expected", "(1 before the one that came are lost, or come later)")]
    [InlineData(Damage.Swap, "number 7 was expected", "(1 before the one that came are lost, or come later)")]
    [InlineData(Damage.Repetition, "number 8 was expected", "(what came is number 7, for the second time or late)")]
    [InlineData(Damage.Change, "number 7 was expected", "(what came is none of them)")]
    [InlineData(Damage.EarlyEnd, "number 7 was expected", "are lost) on the stream of Text, and it has ended.")]
    public async Task Handler_ThatDamagesTheStream_IsCaught(Damage damage, string number, string place)
    {
        await using var harness = await StartAsync(new Damaging(damage, 7), PluginWay.Memory);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, meter.Messages);

        // That one which ends early is not held up is another finding.
        if (damage != Damage.EarlyEnd)
            _ = await meter.ExpectBlockedAsync(Token).Within();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectNothingLostAsync(caller.Responses, Token).Within());

        Assert.Contains(number, failure.Message, StringComparison.Ordinal);
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ThatAddsAMessageAtTheEnd_IsCaught()
    {
        await using var harness = await StartAsync(new Damaging(Damage.Addition, 7), PluginWay.Memory);
        var meter = new BackPressureMeter<Text>(Numbered, harness.CallInvoker);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().BothAsync, meter.Messages);
        _ = await meter.ExpectBlockedAsync(Token).Within();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectNothingLostAsync(caller.Responses, Token).Within());

        Assert.StartsWith("The end of the stream was expected on the stream of Text, and a message came", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_CalledDirectly_TakesOneMessageAtATime_AndMayMakeOthersOfThem()
    {
        var meter = new BackPressureMeter<Text>(Numbered, connection: null);
        await using var responses = new StreamProbe<string>(Values(new EchoHandler().BothAsync(meter.Messages, cancellationToken: Token)));
        _ = await responses.TakeAsync(3, Token).Within();

        var blocked = await meter.ExpectBlockedAsync(Token).Within();
        await meter.ExpectNothingLostAsync(responses, text => text.Value, Token).Within();

        Assert.Equal(2, blocked.Messages);

        static async IAsyncEnumerable<string> Values(IAsyncEnumerable<Text> texts)
        {
            await foreach (var text in texts)
                yield return text.Value;
        }
    }

    [Fact]
    public async Task Meter_WhoseReaderTurnsAway_Fails()
    {
        var meter = new BackPressureMeter<Text>(Numbered, connection: null);
        await foreach (var _ in meter.Messages.WithCancellation(Token))
            break;

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectBlockedAsync(Token).Within());

        Assert.Contains("it writes no more: its reader has turned away.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meter_ThatNobodyReads_FailsInTime()
    {
        var meter = new BackPressureMeter<Text>(Numbered, connection: null) { Limit = TimeSpan.FromMilliseconds(50) };

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectBlockedAsync(Token).Within());

        Assert.Contains("within 0.05 s it has not come to a stop: it waits for something else than for its reader, or has not begun. It has got rid of 0 messages (0 bytes).", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meter_WithAMessageThatCannotBeMade_FailsWithWhy()
    {
        var meter = new BackPressureMeter<Text>(_ => throw new InvalidDataException("no message"), connection: null);
        await using var reader = new StreamProbe<Text>(meter.Messages);

        _ = await reader.ExpectErrorAsync<InvalidDataException>(Token).Within();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => meter.ExpectBlockedAsync(Token).Within());

        Assert.Contains("the test's function for its messages has failed with InvalidDataException: no message", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_AboveItsBound_Fails()
    {
        var reading = new BackPressureReading(3, 3000);

        Assert.Same(reading, reading.ExpectAtMost(3000));
        var failure = Assert.Throws<ExpectationException>(() => reading.ExpectAtMost(2999));

        Assert.StartsWith("A writer whose reader has stopped was expected to get rid of 2999 bytes at most before it is held up, and it got rid of 3000 bytes in 3 messages.", failure.Message, StringComparison.Ordinal);
    }

    private static Text Numbered(long number) => new() { Value = number.ToString("00000 ", CultureInfo.InvariantCulture) + Filling };

    private static Task<PluginHarness> StartAsync(IEcho echo, PluginWay way) => PluginHarness.StartAsync(plugin => plugin.AddContract(echo), way, cancellationToken: Token);

    public enum Damage
    {
        Loss,
        Swap,
        Repetition,
        Change,
        Addition,
        EarlyEnd,
    }

    private sealed class Serving : IEcho
    {
        public IAsyncEnumerable<Text>? Responses { get; set; }

        public IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => Responses!;
    }

    private sealed class Hoarding : IEcho
    {
        public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var hoard = Channel.CreateUnbounded<Text>();
            var reading = ReadAsync();
            await foreach (var text in hoard.Reader.ReadAllAsync(cancellationToken))
                yield return text;
            await reading;

            async Task ReadAsync()
            {
                try
                {
                    await foreach (var request in requests)
                        hoard.Writer.TryWrite(request);
                }
                finally
                {
                    hoard.Writer.Complete();
                }
            }
        }
    }

    private sealed class Damaging(Damage damage, int at) : IEcho
    {
        public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var number = 0;
            Text? kept = null;
            await foreach (var request in requests.WithCancellation(cancellationToken))
            {
                var isHit = number++ == at;
                if (isHit && damage == Damage.EarlyEnd)
                    yield break;
                if (isHit && damage == Damage.Swap)
                    kept = request;
                if (isHit && damage is Damage.Loss or Damage.Swap)
                    continue;

                yield return isHit && damage == Damage.Change ? new Text { Value = "?" } : request;
                if (isHit && damage == Damage.Repetition)
                    yield return request;
                if (kept is not null)
                    yield return kept;
                kept = null;
            }

            if (damage == Damage.Addition)
                yield return new Text { Value = "and one more" };
        }
    }
}
