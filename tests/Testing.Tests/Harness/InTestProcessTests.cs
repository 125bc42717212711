using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What a test can do with a plugin in its own process.</summary>
public sealed class InTestProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task ConfigurePlugin_WithAService_ReplacesThePlugins(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync(
            plugin =>
            {
                plugin.Services.AddSingleton<IWords>(new Words("the plugin's"));
                plugin.AddContract<IEcho, SayingWords>();
            },
            way,
            options => options.ConfigurePlugin(plugin => plugin.Services.AddSingleton<IWords>(new Words("the test's"))),
            Token);

        Assert.Equal("the test's", (await harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token)).Value);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task ConfigurePlugin_WithConfiguration_WinsOverTheSettings(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(
            way,
            options =>
            {
                options.Host.Settings = new() { ["color"] = "green", ["size"] = "large" };
                options.ConfigurePlugin(plugin => plugin.Configuration.AddInMemoryCollection([new("color", "red")]));
            },
            Token);

        var sample = harness.GetContract<ISample>();
        Assert.Equal("red", (await sample.ReadSettingAsync(new Note { Text = "color" }, cancellationToken: Token)).Text);
        Assert.Equal("large", (await sample.ReadSettingAsync(new Note { Text = "size" }, cancellationToken: Token)).Text);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Services_OfThePlugin_AreThere(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync(plugin => plugin.Services.AddSingleton(new Words("a word")), way, cancellationToken: Token);

        Assert.Equal("a word", harness.Services.GetRequiredService<Words>().Word);
    }

    [Fact]
    public async Task Services_OfAPluginInAProcessOfItsOwn_AreRefusedWithTheReason()
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token);

        Assert.Contains("runs in a process of its own", Assert.Throws<InvalidOperationException>(() => harness.Services).Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task TimeProvider_OfTheOptions_IsThePluginsClock(PluginWay way)
    {
        var clock = new FakeTimeProvider();
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, options => options.TimeProvider = clock, Token);

        Assert.Same(clock, harness.Services.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public async Task Plugin_InTheTestsProcess_SeesNothingThatFlowsWithTheTest()
    {
        var flowing = new AsyncLocal<string?> { Value = "the test's" };
        string? seen = "nothing yet";
        await using var harness = await PluginHarness.StartAsync(_ => seen = flowing.Value, cancellationToken: Token);

        Assert.Null(seen);
    }

    private interface IWords
    {
        string Word { get; }
    }

    private sealed record Words(string Word) : IWords;

    private sealed class SayingWords(IWords words) : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => new(new Text { Value = words.Word });
    }
}
