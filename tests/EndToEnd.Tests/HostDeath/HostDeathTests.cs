using System.Globalization;
using System.Text.RegularExpressions;
using Plugwire.EndToEnd.Tests.Processes;

namespace Plugwire.EndToEnd.Tests.HostDeath;

/// <summary>A host that is killed, so that nothing of its own code runs any more.</summary>
[Collection(AloneCollection.Name)]
public sealed class HostDeathTests : PluginTest
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("--on=time")]
    [InlineData("--deaf=shutdown")]
    [InlineData("--deaf=signals")]
    public async Task Host_Killed_PluginSocketAndDirectoryAreGoneWithinTwoSeconds(string argument)
    {
        await using var host = HandStart.Run(TestPrograms.Host, [Root.Path, TestPrograms.Faulty, argument]);
        var plugin = await PluginThatAsync(host, @"process (\d+)\) serves");
        Assert.Single(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories));

        await AssertAllEndsWithinPromiseAsync(host, plugin);
    }

    [Fact]
    public async Task Host_KilledWhileItsPluginHangsInTheStart_PluginIsGoneWithinTwoSecondsAndTheDirectoryAfterIt()
    {
        await using var host = HandStart.Run(TestPrograms.Host, [Root.Path, TestPrograms.Faulty, "--at=before-handshake", "--do=hang"]);
        var guard = await PluginThatAsync(host, @"Process (\d+) guards the plugins");
        var plugin = await PluginThatAsync(host, @"process (\d+) at before-handshake: hang");

        Signals.Send(host.Id, Signals.Kill);

        // It has not come to the point where it answers the terminate signal, and clears up: the guard does.
        await ProcessEnd.OfAsync(plugin, Promised);
        await ProcessEnd.OfAsync(guard, TestLimit.Limit);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Host_KilledWithAPluginThatCannotClearUp_NextHostRemovesTheDirectoryAndLeavesThatOfALivingHost()
    {
        await using var dying = HandStart.Run(TestPrograms.Host, [Root.Path, TestPrograms.Faulty]);
        var guard = await PluginThatAsync(dying, @"Process (\d+) guards the plugins");
        var frozen = await PluginThatAsync(dying, @"process (\d+)\) serves");
        var left = Assert.Single(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories));
        await using var living = HandStart.Run(TestPrograms.Host, [Root.Path, TestPrograms.Faulty]);
        var other = await PluginThatAsync(living, @"process (\d+)\) serves");
        var kept = Assert.Single(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories), path => path != left);
        Signals.Send(frozen, Signals.Stop);
        Signals.Send(guard, Signals.Stop);
        Signals.Send(dying.Id, Signals.Kill);
        await dying.ExitedAsync();
        Signals.Send(frozen, Signals.Kill);
        Signals.Send(guard, Signals.Kill);
        await ProcessEnd.OfAsync(frozen, TestLimit.Limit);
        Assert.True(File.Exists(left));

        await using (await StartAsync(Faulty()))
            await Log.EntryAsync($"The launch directory {Path.GetDirectoryName(left)}, which a host that has died left behind, or one that had no time for all of it, is removed.");

        Assert.False(Directory.Exists(Path.GetDirectoryName(left)));
        Assert.True(File.Exists(kept));
        Signals.Send(living.Id, Signals.Kill);
        await ProcessEnd.OfAsync(other, TestLimit.Limit);
    }

    private static async Task<int> PluginThatAsync(HandStart host, string pattern)
    {
        while (await host.ReadLineAsync() is { } line)
        {
            if (Regex.Match(line, pattern) is { Success: true } match)
                return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException("The host has ended. " + await host.ErrorAsync());
    }

    private async Task AssertAllEndsWithinPromiseAsync(HandStart host, int plugin)
    {
        Signals.Send(host.Id, Signals.Kill);

        await ProcessEnd.OfAsync(plugin, Promised);

        Root.AssertNothingIsLeft();
    }
}
