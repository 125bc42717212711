using Grpc.Core;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>The same of a plugin in a process of its own.</summary>
public sealed class ProcessCleanupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_ThatDoesNotEndWhenAsked_IsSaidToHaveTakenTheSignal() =>
        await FailsAsync(await StartAsync("--deaf=shutdown"), "took the terminate signal");

    [Fact]
    public async Task Plugin_ThatHeedsNothing_IsSaidToHaveBeenKilled() => await FailsAsync(await StartAsync("--deaf=signals"), "had to be killed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Child_LeftRunning_IsNamed(bool ownSession)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes that a plugin leaves are seen on Linux.");
        var harness = await StartAsync();
        var child = await harness.CreateClient<TestPlugins.Faulty.Contract.Faults.FaultsClient>().StartChildAsync(new ChildRequest { OwnSession = ownSession }, cancellationToken: Token).ResponseAsync.Within();

        await FailsAsync(harness, $"{child.ProcessId}", "sleep");
    }

    [Fact]
    public async Task Crash_IsAnErrorThatATestHasToAllow()
    {
        await FailsAsync(await CrashedAsync(), "an error was logged that the test has not allowed", "exited with code 7");

        var expected = await CrashedAsync();
        expected.Logs.AllowErrors();
        await expected.DisposeAsync();
    }

    private static async Task<PluginHarness> CrashedAsync()
    {
        var harness = await StartAsync();
        await Assert.ThrowsAnyAsync<RpcException>(() =>
            harness.CreateClient<TestPlugins.Faulty.Contract.Faults.FaultsClient>().DieAsync(new Death { ExitCode = 7 }, cancellationToken: Token).ResponseAsync.Within());
        await harness.Plugin.Completion.Within();
        return harness;
    }

    private static async Task FailsAsync(PluginHarness harness, params string[] sentences)
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());
        Assert.All(sentences, sentence => Assert.Contains(sentence, failure.Message, StringComparison.Ordinal));
    }

    private static Task<PluginHarness> StartAsync(params string[] arguments) => PluginHarness.StartAsync(
        PluginBinary.FromPath(Path.Combine("..", "..", "FaultyPlugin", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "FaultyPlugin")),
        options =>
        {
            options.Host.DrainTimeout = TimeSpan.FromSeconds(1);
            options.Host.TerminateTimeout = arguments.Contains("--deaf=signals") ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10);
            foreach (var argument in arguments)
                options.Host.Arguments.Add(argument);
        },
        Token).Within();
}
