using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

public sealed class VersionTests : PluginTest
{
    [Theory]
    [InlineData("1", "1,2", 1)]
    [InlineData("1,2", "1", 1)]
    [InlineData("3,1,2", "4,2,3", 3)]
    [InlineData("0,7", "7,0", 7)]
    public async Task Versions_InCommon_TheHighestIsSpoken(string hosts, string plugins, int expected)
    {
        await using var plugin = await StartAsync(WithVersions(hosts, plugins));

        Assert.Equal(expected, plugin.ProtocolVersion);
    }

    [Theory]
    [InlineData("3,4", "1,2", "3, 4", "1, 2", "upgrade the plugin")]
    [InlineData("1,2", "3,4", "1, 2", "3, 4", "upgrade the host")]
    [Trait("Fault", "F10")]
    public async Task Versions_NoneInCommon_TheStartFailsAndNamesBothSets(string hosts, string plugins, string hostSet, string pluginSet, string advice)
    {
        var failure = await RefusedAsync(WithVersions(hosts, plugins));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.VersionMismatch), (failure.Stage, failure.Reason));
        Assert.Contains($"one of the protocol versions that this host speaks: {hostSet}.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(pluginSet, failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    private PluginOptions WithVersions(string hosts, string plugins)
    {
        var options = Faulty($"--versions={plugins}");
        foreach (var version in hosts.Split(','))
            options.ProtocolVersions.Add(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture));
        return options;
    }
}
