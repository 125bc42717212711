using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Testing;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching.Guarding;

/// <summary>Who keeps a guard, tells it what there is to guard, and gets another when it has ended.</summary>
public sealed class PluginGuardTests
{
    private const int NoHost = 0;
    private const int SigStop = 19;
    private const string Replaced = "Another takes its place";

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string NewId => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Begin_FirstLaunch_GuardRunsAndKnowsItBeforeTheTaskEnds()
    {
        var keeper = Keeper();
        Assert.Null(keeper.Process);
        await using var child = await RunAsync("exec sleep 1000");

        var launch = await keeper.BeginAsync(NewId, null, NullLogger.Instance);
        launch!.Begin(child.Id);
        await EndHostAsync(keeper);

        Assert.NotNull((await child.Exited.WaitAsync(Limit, Token)).Signal);
        await EndAsync(keeper, launch);
    }

    [Fact]
    public async Task Dispose_LaunchHasEnded_GuardSparesWhatHasItsNumber()
    {
        var keeper = Keeper();
        await using var child = await RunAsync("exec sleep 1000");
        var launch = await keeper.BeginAsync(NewId, null, NullLogger.Instance);
        launch!.Begin(child.Id);

        launch.Dispose();
        launch.Dispose();
        await EndHostAsync(keeper);

        Assert.False(child.Exited.IsCompleted);
        await EndAsync(keeper, launch);
    }

    [Fact]
    public async Task Guard_IsKilled_AnotherTakesItsPlaceAndKnowsWhatRuns()
    {
        using var logs = new RecordedLogs();
        var log = logs.CreateLogger("guard");
        var keeper = Keeper();
        await using var child = await RunAsync("exec sleep 1000");
        var launch = await keeper.BeginAsync(NewId, null, log);
        launch!.Begin(child.Id);
        var first = keeper.Process!;

        Assert.Equal(0, LibC.Kill(first.Id, LibC.SigKill));
        await logs.UntilAsync(Replaced);
        await EndHostAsync(keeper);

        Assert.NotEqual(first.Id, keeper.Process?.Id);
        Assert.NotNull((await child.Exited.WaitAsync(Limit, Token)).Signal);
        Assert.False(Directory.Exists($"/proc/{first.Id}"));
        await EndAsync(keeper, launch);
    }

    [Fact]
    public async Task Guard_DoesNotReadAnyMore_IsReplacedAndNoStartWaitsForItsPipe()
    {
        using var logs = new RecordedLogs();
        var log = logs.CreateLogger("guard");
        var keeper = Keeper();
        var launches = new List<GuardedLaunch?> { await keeper.BeginAsync(NewId, null, log) };
        var first = keeper.Process!;
        Assert.Equal(0, LibC.Kill(first.Id, SigStop));

        while (!logs.Records.Any(record => record.Message.Contains(Replaced, StringComparison.Ordinal)))
            launches.Add(await keeper.BeginAsync(new string('x', 128), null, log).WaitAsync(Limit, Token));
        await first.Ended.WaitAsync(Limit, Token);

        await EndAsync(keeper, [.. launches]);
    }

    [Fact]
    public async Task Guard_EndsAgainAndAgain_IsStartedSoOftenAndNoMoreUntilAMinuteLater()
    {
        var starts = 0;
        using var logs = new RecordedLogs();
        var log = logs.CreateLogger("guard");
        var keeper = new PluginGuard(
            () =>
            {
                Interlocked.Increment(ref starts);
                return GuardProcess.Start("/bin/false", NoHost, searchPath: null);
            },
            _clock);

        var launch = await keeper.BeginAsync(NewId, null, log);
        await logs.UntilAsync("none has stayed");
        var second = await keeper.BeginAsync(NewId, null, log);
        await keeper.Told.WaitAsync(Limit, Token);

        Assert.Equal(StartAllowance.Most, starts);
        logs.Single(record => record.Message.Contains("none has stayed", StringComparison.Ordinal));
        _clock.Advance(StartAllowance.Window);
        var third = await keeper.BeginAsync(NewId, null, log);
        await keeper.Told.WaitAsync(Limit, Token);
        Assert.InRange(starts, StartAllowance.Most + 1, 2 * StartAllowance.Most);
        await EndAsync(keeper, launch, second, third);
    }

    [Fact]
    public async Task Begin_NoShell_IsSaidOnceAndTheStartGoesOn()
    {
        using var logs = new RecordedLogs();
        var log = logs.CreateLogger("guard");
        var keeper = new PluginGuard(() => GuardProcess.Start("/nowhere/sh", NoHost, searchPath: null), _clock);

        var launch = await keeper.BeginAsync(NewId, null, log);
        launch!.Begin(Environment.ProcessId);
        launch.Dispose();
        await keeper.Told.WaitAsync(Limit, Token);
        Assert.Null(await keeper.BeginAsync(NewId, null, log));

        Assert.Null(keeper.Process);
        Assert.StartsWith("The guard of the plugins, a process of the system's shell /bin/sh, could not be started. When this process is killed,", Assert.Single(logs.Records).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("$(reboot)")]
    [InlineData("line\nbreak")]
    public async Task Begin_MarkIsNoWord_NobodyIsToldOfIt(string launchId)
    {
        var keeper = Keeper();

        Assert.Null(await keeper.BeginAsync(launchId, null, NullLogger.Instance));

        Assert.Null(keeper.Process);
    }

    [Fact]
    public async Task Begin_DirectoryHasALineBreak_IsLeftToTheNextHost()
    {
        var keeper = Keeper();
        var directory = Directory.CreateTempSubdirectory("guard\n- 1\n").FullName;
        await using var child = await RunAsync("exec sleep 1000");

        var launch = await keeper.BeginAsync(NewId, directory, NullLogger.Instance);
        launch!.Begin(child.Id);
        await EndHostAsync(keeper);

        Assert.NotNull((await child.Exited.WaitAsync(Limit, Token)).Signal);
        Assert.True(Directory.Exists(directory));
        Directory.Delete(directory);
        await EndAsync(keeper, launch);
    }

    private PluginGuard Keeper() => new(() => GuardProcess.Start("/bin/sh", NoHost, Environment.GetEnvironmentVariable("PATH")), _clock);

    // What the end of the host's process does to the guard that runs now, once that has been told all that came before.
    private static async Task EndHostAsync(PluginGuard keeper)
    {
        await keeper.Told.WaitAsync(Limit, Token);
        var process = keeper.Process!;
        process.Release();
        await process.Ended.WaitAsync(Limit, Token);
    }

    // With nothing to guard it gets no other.
    private static async Task EndAsync(PluginGuard keeper, params GuardedLaunch?[] launches)
    {
        foreach (var launch in launches)
            launch?.Dispose();
        await keeper.Told.WaitAsync(Limit, Token);
        keeper.Process?.Dispose();
    }
}
