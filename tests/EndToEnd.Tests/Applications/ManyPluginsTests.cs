using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Applications;

[Collection(AloneCollection.Name)]
public sealed class ManyPluginsTests : PluginTest
{
    private const int Many = 20;

    [Fact]
    public async Task PluginHost_WithTwentyPlugins_StartsCallsAndStopsAllAtOnce()
    {
        await using var host = new PluginHost();
        for (var i = 0; i < Many; i++)
        {
            var options = Faulty($"--number={i}");
            options.Name = null;
            host.Add($"plugin-{i}", options);
        }

        await host.StartAllAsync(TestContext.Current.CancellationToken).Within();
        var plugins = await Task.WhenAll(host.Names.Select(name => host.GetAsync(name, TestContext.Current.CancellationToken))).Within();
        var answers = await Task.WhenAll(plugins.Select(async plugin =>
            (plugin.Name, Description: await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync))).Within();

        Assert.Equal(Many, plugins.Select(plugin => plugin.ProcessId).Distinct().Count());
        Assert.All(answers, answer => Assert.Equal(answer.Name, "plugin-" + answer.Description.Configuration["number"]));
        Assert.Equal(Many, answers.Select(answer => answer.Description.Environment["TMPDIR"]).Distinct().Count());
        await host.StopAllAsync(TestContext.Current.CancellationToken).Within();
        Assert.All(plugins, plugin => Assert.True(plugin.Completion.IsCompletedSuccessfully));
        var exits = await Task.WhenAll(plugins.Select(plugin => plugin.Completion));
        Assert.All(exits, exit => Assert.Equal((PluginStopStep.Shutdown, 0), (exit.StopStep, exit.ExitCode)));
        Root.AssertNothingIsLeft();
    }
}
