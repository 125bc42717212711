using Plugwire.Testing.Probes.Metering;

namespace Plugwire.Testing.Tests.Probes;

public sealed class StandStillTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writer_ThatIsBroughtOnByARoundTrip_IsNotHeldUpYet()
    {
        var written = 0L;
        var roundTrips = 0;
        var still = new StandStill(_ =>
        {
            // What waits on the connection comes with every tenth of them.
            if (++roundTrips % 10 == 0 && roundTrips <= 200)
                written += 100;
            return Task.CompletedTask;
        });

        var reading = await still.ExpectAsync("the writer", () => new WriterState(written, written, IsHeldUp: true, Over: null), mostBytes: 10_000, TimeSpan.FromMinutes(1), Token).Within();

        Assert.Equal(2000, reading.Messages);
    }

    [Fact]
    public async Task Writer_ThatWaitsForSomethingElse_IsNotHeldUp()
    {
        var still = new StandStill(_ => Task.CompletedTask);

        var failure = await Assert.ThrowsAsync<ExpectationException>(
            () => still.ExpectAsync("the writer", () => new WriterState(1, 10, IsHeldUp: false, Over: null), mostBytes: 100, TimeSpan.FromMilliseconds(50), Token).Within());

        Assert.Contains("it waits for something else than for its reader", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoundTrip_ThatDoesNotComeBack_FailsInTime()
    {
        var still = new StandStill(_ => new TaskCompletionSource().Task);

        var failure = await Assert.ThrowsAsync<ExpectationException>(
            () => still.ExpectAsync("the writer", () => new WriterState(1, 10, IsHeldUp: true, Over: null), mostBytes: 100, TimeSpan.FromMilliseconds(50), Token).Within());

        Assert.Contains("a round trip on the same connection, which is to show it, does not come back", failure.Message, StringComparison.Ordinal);
    }
}
