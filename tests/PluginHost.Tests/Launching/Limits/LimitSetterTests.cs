using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Limits;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching.Limits;

public sealed class LimitSetterTests
{
    private static readonly PluginLimitOptions Nothing = new() { OomScoreAdjustment = 0 };

    [Fact]
    public async Task StartAsync_NoLimits_AreTheHosts()
    {
        await using var child = await RunAsync(Nothing);

        Assert.Equal(ReadLimits("self"), ReadLimits(child.Id));
        Assert.Equal(ReadStatus("self", "NoNewPrivs"), ReadStatus(child.Id, "NoNewPrivs"));
        Assert.Equal(ReadScore("self"), ReadScore(child.Id));
    }

    [Fact]
    public async Task StartAsync_OpenFiles_AreLimitedForGoodAndNothingElseIs()
    {
        await using var child = await RunAsync(new PluginLimitOptions { OpenFiles = 99 });

        Assert.Equal(("99", "99"), ReadLimits(child.Id)["Max open files"]);
        Assert.Equal(ReadLimits("self")["Max core file size"], ReadLimits(child.Id)["Max core file size"]);
    }

    [Fact]
    public async Task StartAsync_MoreThanTheHostMay_StaysAtWhatTheHostMay()
    {
        await using var child = await RunAsync(new PluginLimitOptions { OpenFiles = int.MaxValue });

        var hosts = ReadLimits("self")["Max open files"].Hard;
        Assert.Equal((hosts, hosts), ReadLimits(child.Id)["Max open files"]);
    }

    [Fact]
    public async Task StartAsync_NoCoreDumps_AreTheOneByteThatTheKernelHeeds()
    {
        await using var child = await RunAsync(new PluginLimitOptions { CoreDumps = false });

        Assert.Equal(("1", "1"), ReadLimits(child.Id)["Max core file size"]);
    }

    [Fact]
    public async Task StartAsync_ByDefault_ChildIsTheFirstToGoWhenMemoryRunsOut()
    {
        await using var child = await RunAsync(new PluginLimitOptions());

        Assert.Equal(Math.Min(ReadScore("self") + 1, 1000), ReadScore(child.Id));
    }

    [Fact]
    public async Task StartAsync_ScoreAboveTheHighest_IsTheHighest()
    {
        await using var child = await RunAsync(new PluginLimitOptions { OomScoreAdjustment = 1000 });

        Assert.Equal(1000, ReadScore(child.Id));
    }

    [Fact]
    public async Task StartAsync_Hardened_NoNewPrivilegesHoldFromTheFirstInstruction()
    {
        await using var child = await ChildProcess.StartAsync(Start("grep NoNewPrivs /proc/self/status; cat") with { Limits = ChildLimits.Of(Nothing, hardened: true) }, Attempt());

        Assert.Equal("NoNewPrivs:\t1", await ReadLineAsync(child.StandardOutput));
        Assert.Equal(("1", "1"), ReadLimits(child.Id)["Max core file size"]);
        Assert.Equal(ChildLimits.HardenedOpenFiles.ToString(CultureInfo.InvariantCulture), ReadLimits(child.Id)["Max open files"].Hard);
    }

    [Fact]
    public void Of_HardenedAndALimitOfTheUsers_KeepsThatOfTheUser()
    {
        var limits = ChildLimits.Of(new PluginLimitOptions { OpenFiles = 4096 }, hardened: true);

        Assert.Equal(4096, Assert.Single(limits.Resources, limit => limit.Option == nameof(PluginLimitOptions.OpenFiles)).Value);
    }

    [Fact]
    public void Apply_LimitThatCannotBeSet_IsNamedInTheLogOnce()
    {
        var logger = new FakeLogger();

        // No process has this number.
        LimitSetter.Apply(int.MaxValue, ChildLimits.Of(new PluginLimitOptions { OpenFiles = 99, CoreDumps = false }, hardened: false), "/p/todo", logger);

        Assert.Equal(
            ["CoreDumps", "OpenFiles", "OomScoreAdjustment"],
            logger.Collector.GetSnapshot().Select(entry => entry.GetStructuredStateValue("Limit")));
        Assert.All(logger.Collector.GetSnapshot(), entry => Assert.Equal(LogLevel.Warning, entry.Level));
        Assert.All(logger.Collector.GetSnapshot(), entry => Assert.Contains("(/p/todo) could not be set: ", entry.Message, StringComparison.Ordinal));
    }

    private static Task<ChildProcess> RunAsync(PluginLimitOptions limits) =>
        ChildProcess.StartAsync(Start("cat") with { Limits = ChildLimits.Of(limits, hardened: false) }, Attempt());

    private static Dictionary<string, (string Soft, string Hard)> ReadLimits(object process) => File.ReadLines($"/proc/{process}/limits")
        .Skip(1)
        .ToDictionary(line => line[..26].TrimEnd(), line => (line[26..47].TrimEnd(), line[47..68].TrimEnd()));

    private static string ReadStatus(object process, string key) =>
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith(key + ":", StringComparison.Ordinal));

    private static int ReadScore(object process) => int.Parse(File.ReadAllText($"/proc/{process}/oom_score_adj"), CultureInfo.InvariantCulture);
}
