using System.Globalization;
using System.Text.RegularExpressions;
using Plugwire.EndToEnd.Tests.Processes;

namespace Plugwire.EndToEnd.Tests.HostProcess;

/// <summary>Hosts in circumstances that are none of their own choice.</summary>
public sealed class HostProcessTests : PluginTest
{
    private const string WithoutChildSignals = "trap '' CHLD; exec \"$0\" \"$@\"";

    [Fact]
    public async Task Host_WhoseParentIgnoresChildSignals_KnowsHowItsPluginEnded()
    {
        await using var host = Run("/bin/sh", "-c", WithoutChildSignals, TestPrograms.Host, Root.Path, TestPrograms.Faulty);
        var plugin = await PluginAsync(host);

        Signals.Send(plugin, Signals.Kill);

        await host.ExitedAsync();
        Assert.Contains($"(process {plugin}) was ended by SIGKILL (signal 9) after ", await host.ErrorAsync(), StringComparison.Ordinal);
        Assert.Equal(0, host.ExitCode);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Host_WhoseParentIgnoresChildSignals_StopsItsPlugin()
    {
        await using var host = Run("/bin/sh", "-c", WithoutChildSignals, TestPrograms.Host, "--then=stop", Root.Path, TestPrograms.Faulty);

        await AssertStoppedAsync(host);
    }

    [Fact]
    public async Task Host_ThatIsProcessOne_StopsItsPlugin()
    {
        await SkipUnlessThereAreNamespacesAsync();
        await using var host = Run("unshare", [.. Namespace, TestPrograms.Host, "--then=stop", Root.Path, TestPrograms.Faulty]);

        await AssertStoppedAsync(host);
    }

    [Fact]
    public async Task Host_ThatIsProcessOne_KnowsHowItsPluginEnded()
    {
        await SkipUnlessThereAreNamespacesAsync();
        await using var host = Run("unshare", [.. Namespace, TestPrograms.Host, "--then=kill", Root.Path, TestPrograms.Faulty]);

        await host.ExitedAsync();

        // The runtime reaps every child of process 1, and knows a signal by its number alone.
        Assert.Contains("Crashed by None: Plugin 'FaultyPlugin' ", await host.ErrorAsync(), StringComparison.Ordinal);
        Assert.Contains("exited with code 137", await host.ErrorAsync(), StringComparison.Ordinal);
        Assert.Equal(0, host.ExitCode);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F34")]
    public async Task Host_ThatIsProcessOneAndIsKilled_LeavesNoProcess()
    {
        await SkipUnlessThereAreNamespacesAsync();
        await using var host = Run("unshare", [.. Namespace, "--kill-child", TestPrograms.Host, Root.Path, TestPrograms.Faulty]);
        await ServesAsync(host);
        var plugin = Assert.Single(Root.Processes());

        // The namespace ends with its process 1.
        Signals.Send(host.Id, Signals.Kill);
        await host.ExitedAsync();

        await ProcessEnd.OfAsync(plugin.Id, TestLimit.Limit);
        Assert.Empty(Root.Processes());

        // Nobody has had the time; the next host with this root would do it.
        foreach (var left in Directory.EnumerateDirectories(Root.Path))
            Directory.Delete(left, recursive: true);
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task Host_WhoseLogGoesToAFullDisk_StartsAndStopsItsPlugin()
    {
        await using var host = Run("/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/full", TestPrograms.Host, "--then=stop", Root.Path, TestPrograms.Faulty);

        await AssertStoppedAsync(host);
    }

    private static string[] Namespace { get; } = ["--pid", "--fork", "--mount-proc"];

    private static HandStart Run(string program, params string[] arguments) => HandStart.Run(program, arguments);

    private static async Task SkipUnlessThereAreNamespacesAsync()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("unshare"), "There is no unshare(1) on this machine.");
        await using var probe = Run("unshare", [.. Namespace, "true"]);
        await probe.ExitedAsync();
        Assert.SkipUnless(probe.ExitCode == 0, "This user may not make a namespace of processes: " + (await probe.ErrorAsync()).Trim());
    }

    private async Task AssertStoppedAsync(HandStart host)
    {
        await host.ExitedAsync();
        Assert.Contains("Stopped by Shutdown: Plugin 'FaultyPlugin' ", await host.ErrorAsync(), StringComparison.Ordinal);
        Assert.Equal(0, host.ExitCode);
        Root.AssertNothingIsLeft();
    }

    private static async Task<int> PluginAsync(HandStart host) => int.Parse(await ServesAsync(host), CultureInfo.InvariantCulture);

    private static async Task<string> ServesAsync(HandStart host)
    {
        while (await host.ReadLineAsync() is { } line)
        {
            if (Regex.Match(line, @"process (\d+)\) serves") is { Success: true } match)
                return match.Groups[1].Value;
        }

        throw new InvalidOperationException("The host has ended. " + await host.ErrorAsync());
    }
}
