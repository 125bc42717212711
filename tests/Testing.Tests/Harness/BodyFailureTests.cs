using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What a test has thrown is never hidden by what the disposal finds.</summary>
public sealed class BodyFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BodyThatThrows_WithNothingLeft_FailsAsItIs()
    {
        var failure = await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            await using var harness = await PluginHarness.StartAsync<SamplePlugin>(cancellationToken: Token);
            throw new InvalidTimeZoneException("the body's");
        });

        Assert.Equal("the body's", failure.Message);
    }

    [Theory, PluginWays]
    public async Task BodyThatThrows_WithACallLeft_FailsWithBoth(PluginWay way)
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var harness = await StartWithACallAsync(way);
            throw new InvalidTimeZoneException("the body's");
        });

        AssertTellsBoth(failure);
    }

    [Fact]
    public async Task BodyThatThrowsBelowAnAwait_WithACallLeft_FailsWithBoth()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var harness = await StartWithACallAsync();
            await ThrowLaterAsync();
        });

        AssertTellsBoth(failure);
        Assert.Contains(nameof(ThrowLaterAsync), failure.InnerException!.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyThatThrows_WithTwoHarnesses_FailsWithAllThree()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var one = await StartWithACallAsync();
            await using var two = await StartWithACallAsync();
            await ThrowLaterAsync();
        });

        AssertTellsBoth(Assert.IsType<ExpectationException>(failure.InnerException));
    }

    [Fact]
    public async Task BodyThatThrows_WithADisposalBetweenThatCatches_FailsWithBoth()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var harness = await StartWithACallAsync();
            using var between = new ThrowsAndCatches();
            throw new InvalidTimeZoneException("the body's");
        });

        AssertTellsBoth(failure);
    }

    [Fact]
    public async Task BodyThatExpectsAnException_IsNotTakenForOneThatFails()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var harness = await StartWithACallAsync();
            await Assert.ThrowsAsync<InvalidTimeZoneException>(ThrowLaterAsync);
            Assert.Throws<InvalidTimeZoneException>(() => ThrowNow());
        });

        Assert.Null(failure.InnerException);
        Assert.StartsWith("The harness of the plugin 'SamplePlugin' (Memory) should leave nothing behind", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyOfALeakScope_ThatThrows_FailsWithBoth()
    {
        PluginHarness? left = null;
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var scope = LeakScope.Begin(TimeSpan.Zero);
            left = await PluginHarness.StartAsync<SamplePlugin>(cancellationToken: Token);
            await ThrowLaterAsync();
        });
        await left!.DisposeAsync();

        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
        Assert.Contains("the harness of the plugin 'SamplePlugin' has not been disposed of", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertTellsBoth(ExpectationException failure)
    {
        Assert.StartsWith("The test has failed, with System.InvalidTimeZoneException: the body's", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Sample/Unary is still open", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
    }

    private static async Task<PluginHarness> StartWithACallAsync(PluginWay way = PluginWay.Memory)
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();
        _ = harness.CreateClient<Sample.SampleClient>().UnaryAsync(new Note { Hold = true }, cancellationToken: Token);
        return harness;
    }

    private static async Task ThrowLaterAsync()
    {
        await Task.Yield();
        throw new InvalidTimeZoneException("the body's");
    }

    private static void ThrowNow() => throw new InvalidTimeZoneException("caught");

    private sealed class ThrowsAndCatches : IDisposable
    {
        public void Dispose() => Assert.Throws<InvalidTimeZoneException>(ThrowNow);
    }
}
