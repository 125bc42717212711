using Plugwire.Wire.Tests.Hostile;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>A small share of what <c>benchmarks/Plugwire.Fuzz</c> plays with any budget: the same cases in every run.</summary>
[Collection(MemoryCollection.Name)]
public sealed class FuzzTests
{
    private const int Cases = 3000;

    [Theory]
    [InlineData(1)]
    [Trait("Fuzzing", "both roles and the header decoder")]
    public async Task PeerThatSaysAnything_NeverHurtsTheProcess(int seed)
    {
        using var run = new FuzzRun();
        await run.PlayAsync(seed, Cases, static _ => { }, static () => TestContext.Current.CancellationToken.IsCancellationRequested);
        Assert.Empty(run.Report.Findings);
        Assert.Equal(Cases, run.Report.Count);

        // Else it would be the first checks alone that are tested.
        Assert.All(run.Report.Cases.Values, count => Assert.InRange(count, Cases / 20, Cases));
        Assert.InRange(run.Report.Survived, Cases / 10, Cases * 9 / 10);
        Assert.InRange(run.Report.Succeeded, Cases / 10, Cases * 5);
    }

    [Fact]
    [Trait("Fuzzing", "replay")]
    public void Case_OfTheSameSeed_IsTheSame()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (once, again) = (FuzzCase.Create(seed), FuzzCase.Create(seed));
            Assert.Equal((once.Name, once.Target), (again.Name, again.Target));
            Assert.Equal(once.Blocks, again.Blocks);
            Assert.Equal(once.Play?.Parts.Select(part => part.ToArray()), again.Play?.Parts.Select(part => part.ToArray()));
        }
    }
}
