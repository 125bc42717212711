namespace Plugwire.Testing.Tests.Conformance.Hosts;

public sealed class HostConformanceTests(HostConformanceRuns runs) : IClassFixture<HostConformanceRuns>
{
    // A whole run starts a hundred processes, and waits for what never comes.
    private static readonly TimeSpan WholeRun = TimeSpan.FromMinutes(8);

    public static TheoryData<string> CaseIds => [.. HostConformance.Cases.Select(item => item.Id)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HostMadeWithPluginHost_MeetsAllRequirements()
    {
        var report = await runs.WholeAsync().WaitAsync(WholeRun, Token);

        Assert.True(report.Results.All(result => result.Outcome == ConformanceOutcome.Pass), report.ToString());
        report.EnsurePassed();
    }

    [Theory, MemberData(nameof(CaseIds))]
    public async Task HostThatBreaksACase_FailsIt(string caseId)
    {
        var result = await runs.BrokenAsync(caseId).WaitAsync(WholeRun, Token);

        Assert.True(result.Outcome == ConformanceOutcome.Fail, result.ToString());
        Assert.Equal(caseId, result.Case.Id);
        Assert.DoesNotContain("in its time", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("in the time of the case", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandThatStartsNothing_Fails()
    {
        var report = await HostConformance.RunAsync("/bin/true", [], Options("call.answered"), Token).Within();

        var failure = Assert.Throws<ExpectationException>(report.EnsurePassed);
        Assert.Contains("has not started its plugin", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exited with code 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostThatMakesNoCall_IsSkippedWithTheReasonUnlessTheCallIsRequired()
    {
        // It starts the plugin, takes its handshake for enough, and is content with that.
        string[] command = ["-c", "(\"$PLUGWIRE_CONFORMANCE_PLUGIN\" &) | head -n 1"];

        var result = Assert.Single((await HostConformance.RunAsync("/bin/sh", command, Options("call.answered"), Token).Within()).Results);
        var required = Options("call.answered");
        required.RequireCall = true;
        var failure = Assert.Single((await HostConformance.RunAsync("/bin/sh", command, required, Token).Within()).Results);

        Assert.Equal(ConformanceOutcome.Skip, result.Outcome);
        Assert.Contains("Conformance/Echo", result.Detail, StringComparison.Ordinal);
        Assert.Equal(ConformanceOutcome.Fail, failure.Outcome);
    }

    [Fact]
    public async Task HostInTenLinesOfPython_CanBeLookedAt()
    {
        Assert.SkipUnless(Programs.CanRunPythonWithGrpc, $"{Programs.Python} cannot import grpc: Debian's package is python3-grpcio.");
        string[] arguments = [Programs.HostScript, HostConformance.PluginPlaceholder];

        var answered = await HostConformance.RunAsync(Programs.Python, arguments, Options("call.answered"), Token).Within();
        var killed = await HostConformance.RunAsync(Programs.Python, arguments, Options("host-death.calling"), Token).Within();

        answered.EnsurePassed();
        Assert.Equal(1, answered.Count(ConformanceOutcome.Pass));
        Assert.Contains("its plugin lives", Assert.Single(killed.Results).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandThatIsNotThere_IsAnErrorOfTheHarness()
    {
        var report = await HostConformance.RunAsync("/nonexistent/host", [], Options("call.answered"), Token).Within();

        var result = Assert.Single(report.Results);
        Assert.Equal(ConformanceOutcome.HarnessError, result.Outcome);
        Assert.Contains("/nonexistent/host", result.Detail, StringComparison.Ordinal);
        Assert.False(report.Passed);
    }

    [Fact]
    public async Task ProgramThatPlaysThePluginsIsNotThere_IsRefusedWithAdvice()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => HostConformance.RunAsync("/bin/true", [], new HostConformanceOptions { PluginProgram = "/nonexistent/player" }, Token));

        Assert.Contains("/nonexistent/player", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet tool install --global Plugwire.Sdk.Testing.Command", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramOfAnotherVersionThatDoesNotKnowARole_IsAnErrorOfTheHarness()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var program = Path.Combine(directory.FullName, "older");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\ncommand=\"$1\"\ndirectory=\"$2\"\nshift 2\nexec '{Programs.ConformanceCommand}' \"$command\" \"$directory\" of-a-later-kit \"$@\"\n", Token);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            var report = await HostConformance.RunAsync(
                Programs.ConformanceHost, [HostConformance.PluginPlaceholder], new HostConformanceOptions { Filter = "call.answered", PluginProgram = program }, Token).Within();

            var result = Assert.Single(report.Results);
            Assert.Equal(ConformanceOutcome.HarnessError, result.Outcome);
            Assert.Contains("'of-a-later-kit'", result.Detail, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task FilterThatNoCasePasses_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => HostConformance.RunAsync("x", [], Options("hand"), Token));

        Assert.Contains("'hand'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledRun_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HostConformance.RunAsync("/bin/true", [], Options(null), cancelled.Token).Within());
    }

    private static HostConformanceOptions Options(string? filter) => new() { Filter = filter, PluginProgram = Programs.ConformanceCommand };
}
