using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Stopping;

/// <summary>What a plugin has started ends with it, however it has got away from it.</summary>
public sealed class EscapeTests : PluginTest
{
    [Theory]
    [InlineData("sleep 1000 >/dev/null & echo $!; exec sleep 1000 >/dev/null")]
    [InlineData("sleep 1000 >/dev/null & echo $!")]
    [InlineData("setsid sleep 1000 >/dev/null & echo $!")]
    [InlineData("setsid sh -c 'sleep 1000 >/dev/null & echo $!'")]
    [InlineData("setsid sh -c 'setsid sh -c \"trap : TERM HUP; sleep 1000 >/dev/null & echo \\$!\"'")]
    [Trait("Fault", "F33")]
    public async Task Descendant_ThatHasGotAway_EndsWithTheStop(string script)
    {
        await using var plugin = await StartAsync(Faulty());
        var child = await StartDescendantAsync(plugin, script);

        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((PluginStopStep.Shutdown, 0), (exit.StopStep, exit.ExitCode));
        Assert.False(ProcessEnd.IsAlive(child));
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("setsid sh -c 'sleep 1000 & echo $!'")]
    [InlineData("sleep 1000 & echo $!")]
    [Trait("Fault", "F17")]
    [Trait("Fault", "F33")]
    public async Task Descendant_ThatHoldsThePipesOfADeadPlugin_HoldsUpNothingAndEnds(string script)
    {
        await using var plugin = await StartAsync(Faulty());
        var child = await StartDescendantAsync(plugin, script);

        Signals.Send(plugin.ProcessId, Signals.Kill);

        Assert.Equal((PluginExitReason.Crashed, Signals.Kill), ((await plugin.Completion.Within()).Reason, (await plugin.Completion).Signal));
        Assert.False(ProcessEnd.IsAlive(child));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F33")]
    public async Task Descendants_ByTheHundred_AllEndWithTheStop()
    {
        await using var plugin = await StartAsync(Faulty());
        var last = await StartDescendantAsync(plugin, "i=0; while [ $i -lt 100 ]; do setsid sleep 1000 >/dev/null & i=$((i + 1)); done; echo $!");

        await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        Assert.False(ProcessEnd.IsAlive(last));
        Root.AssertNothingIsLeft();
    }

    private static async Task<int> StartDescendantAsync(Plugin plugin, string script)
    {
        var child = await plugin.CreateClient<Faults.FaultsClient>().StartChildAsync(new ChildRequest { Script = script }).ResponseAsync.Within();
        Assert.True(ProcessEnd.IsAlive(child.ProcessId));
        return child.ProcessId;
    }
}
