using Plugwire.Tests.Launching;
using Plugwire.Tests.Running;
using Plugwire.Wire.Services.Control;

namespace Plugwire.Tests.Describing;

public sealed class CapabilityTests
{
    private readonly FakeLaunch _launch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Describe_OfAPlugin_NamesEachCapabilityOnce()
    {
        await using var plugin = await ServedPlugin.StartAsync(_launch, builder => builder.AddCapability("watch").AddCapability("Batch.v2_x-1").AddCapability("watch"));

        Assert.Equal(["Batch.v2_x-1", "watch"], await DescribeAsync(plugin));
    }

    [Fact]
    public async Task Describe_OfAPluginWithoutAny_NamesNone()
    {
        await using var plugin = await ServedPlugin.StartAsync(_launch, _ => { });

        Assert.Empty(await DescribeAsync(plugin));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public void AddCapability_OfAnotherShape_IsRefused(string name)
    {
        var failure = Assert.Throws<ArgumentException>(() => _launch.CreateBuilder().AddCapability(name));

        Assert.Contains($"'{name}' is no name of a capability", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddCapability_AtItsLimits_IsTakenAndBeyondThemRefused()
    {
        var builder = _launch.CreateBuilder();
        builder.AddCapability(new string('x', 100));
        Assert.Throws<ArgumentException>(() => builder.AddCapability(new string('x', 101)));
        for (var i = 1; i < 100; i++)
            builder.AddCapability($"c{i}");

        builder.AddCapability("c1");
        Assert.Contains("at most 100", Assert.Throws<ArgumentException>(() => builder.AddCapability("c100")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => builder.AddCapability(null!));
    }

    private static async Task<IEnumerable<string>> DescribeAsync(ServedPlugin plugin) =>
        (await new Control.ControlClient(plugin.Invoker).DescribeAsync(new DescribeRequest(), cancellationToken: Token).ResponseAsync.Within()).Capabilities;
}
