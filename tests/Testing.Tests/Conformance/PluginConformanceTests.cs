namespace Plugwire.Testing.Tests.Conformance;

public sealed class PluginConformanceTests(ConformanceRuns runs) : IClassFixture<ConformanceRuns>
{
    // A whole run starts a hundred processes.
    private static readonly TimeSpan WholeRun = TimeSpan.FromMinutes(5);

    public static TheoryData<string> CaseIds => [.. PluginConformance.Cases.Select(item => item.Id)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PluginMadeWithTheSdk_MeetsAllRequirements()
    {
        var report = await runs.WholeAsync().WaitAsync(WholeRun, Token);

        Assert.True(report.Results.All(result => result.Outcome == ConformanceOutcome.Pass), report.ToString());
        report.EnsurePassed();
    }

    [Fact]
    public async Task PluginMadeByHand_MeetsAllRequirements()
    {
        var report = await runs.WholeAsync("--by-hand").WaitAsync(WholeRun, Token);

        Assert.True(report.Results.All(result => result.Outcome == ConformanceOutcome.Pass), report.ToString());
    }

    [Theory, MemberData(nameof(CaseIds))]
    public async Task PluginThatBreaksACase_FailsIt(string caseId)
    {
        var result = await runs.BrokenAsync(caseId).WaitAsync(WholeRun, Token);

        Assert.True(result.Outcome == ConformanceOutcome.Fail, result.ToString());
        Assert.Equal(caseId, result.Case.Id);
        Assert.DoesNotContain("in its time", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("in the time of the case", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PythonPlugin_MeetsTheRequirementsOfTheProtocol()
    {
        Assert.SkipUnless(Programs.CanRunPythonWithGrpc, $"{Programs.Python} cannot import grpc: Debian's package is python3-grpcio.");

        var report = await PluginConformance.RunAsync(Programs.HealthScript, cancellationToken: Token).WaitAsync(WholeRun, Token);

        report.EnsurePassed();
        Assert.Equal(0, report.Count(ConformanceOutcome.Fail));
        Assert.True(report.Count(ConformanceOutcome.Pass) > 30, report.ToString());
        Assert.All(
            report.Results.Where(result => result.Outcome == ConformanceOutcome.Skip && result.Case.Id != "host-death.announced"),
            result => Assert.Contains("does not serve the conformance contract", result.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PluginWithoutTheContract_ThatIsRequired_Fails()
    {
        Assert.SkipUnless(Programs.CanRunPythonWithGrpc, $"{Programs.Python} cannot import grpc: Debian's package is python3-grpcio.");

        var report = await PluginConformance.RunAsync(Programs.HealthScript, new PluginConformanceOptions { Filter = "call.unary", RequireContract = true }, Token).Within();

        var failure = Assert.Throws<ExpectationException>(report.EnsurePassed);
        Assert.Contains("call.unary", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Its Echo is UNIMPLEMENTED", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramThatIsNotThere_IsAnErrorOfTheHarness()
    {
        var report = await PluginConformance.RunAsync("/nonexistent/plugin", new PluginConformanceOptions { Filter = "health.serving" }, Token).Within();

        var result = Assert.Single(report.Results);
        Assert.Equal(ConformanceOutcome.HarnessError, result.Outcome);
        Assert.Contains("/nonexistent/plugin", result.Detail, StringComparison.Ordinal);
        Assert.False(report.Passed);
    }

    [Fact]
    public async Task FilterThatNoCasePasses_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => PluginConformance.RunAsync("x", new PluginConformanceOptions { Filter = "hand" }, Token));

        Assert.Contains("'hand'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevisionThatIsNotThere_IsRefusedWithThoseThatAre()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => PluginConformance.RunAsync("x", new PluginConformanceOptions { Revision = "1999-01" }, Token));

        Assert.Contains("2026-11", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledRun_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PluginConformance.RunAsync(Programs.ConformancePlugin, cancellationToken: cancelled.Token).Within());
    }
}
