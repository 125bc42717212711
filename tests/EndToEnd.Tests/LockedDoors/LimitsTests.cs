using System.Globalization;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>What a plugin's process is held to, read back from the system.</summary>
public sealed class LimitsTests : PluginTest
{
    [Fact]
    public async Task Hardened_Plugin_HasNoDiagnosticsNoCoreDumpsNoNewPrivilegesFewFilesAndGoesFirst()
    {
        var options = Faulty();
        options.Hardened = true;
        await using var plugin = await StartAsync(options);

        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
        Assert.Equal("1", ReadStatus(plugin, "NoNewPrivs"));
        Assert.Equal("1", ReadHardLimit(plugin, "Max core file size"));
        Assert.Equal("1024", ReadHardLimit(plugin, "Max open files"));
        Assert.Equal(Math.Min(ReadScore("self") + 1, 1000), ReadScore(plugin.ProcessId));
        Assert.Equal("0", (await DescribeAsync(plugin)).Environment["DOTNET_EnableDiagnostics"]);
        Assert.Empty(DiagnosticEndpoints());
    }

    [Fact]
    public async Task Hardened_PluginThatIsToBeDebugged_KeepsItsDiagnostics()
    {
        var options = Faulty();
        options.Hardened = true;
        options.Environment["DOTNET_EnableDiagnostics"] = "1";
        await using var plugin = await StartAsync(options);

        Assert.NotEmpty(DiagnosticEndpoints());
    }

    [Fact]
    public async Task Plugin_ByDefault_IsNotHardenedAndGoesFirstWhenMemoryRunsOut()
    {
        await using var plugin = await StartAsync(Faulty());

        Assert.NotEmpty(DiagnosticEndpoints());
        Assert.DoesNotContain("DOTNET_EnableDiagnostics", (await DescribeAsync(plugin)).Environment.Keys);
        Assert.Equal(Math.Min(ReadScore("self") + 1, 1000), ReadScore(plugin.ProcessId));
    }

    [Fact]
    public async Task Limits_Narrow_ArePassedOnAndThePluginServes()
    {
        var options = Faulty();
        options.Limits.OpenFiles = 160;
        options.Limits.ManagedHeap = 16L << 20;
        await using var plugin = await StartAsync(options);

        Assert.Equal("160", ReadHardLimit(plugin, "Max open files"));
        Assert.Equal("1000000", (await DescribeAsync(plugin)).Environment["DOTNET_GCHeapHardLimit"]);
        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
    }

    private string[] DiagnosticEndpoints() => Directory.GetFiles(Root.Path, "dotnet-diagnostic-*", SearchOption.AllDirectories);

    private static Task<Description> DescribeAsync(Plugin plugin) =>
        plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();

    private static string ReadHardLimit(Plugin plugin, string name) =>
        File.ReadLines($"/proc/{plugin.ProcessId}/limits").Single(line => line.StartsWith(name, StringComparison.Ordinal))[47..68].TrimEnd();

    private static string ReadStatus(Plugin plugin, string key) =>
        File.ReadLines($"/proc/{plugin.ProcessId}/status").Single(line => line.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..].Trim();

    private static int ReadScore(object process) => int.Parse(File.ReadAllText($"/proc/{process}/oom_score_adj"), CultureInfo.InvariantCulture);
}
