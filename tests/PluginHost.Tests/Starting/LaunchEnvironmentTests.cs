using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Tests.Starting;

public sealed class LaunchEnvironmentTests
{
    [Fact]
    public async Task StartAsync_Options_ReachThePluginByItsEnvironment()
    {
        using var plugin = new ScriptPlugin("cd \"$TMPDIR/../..\"; env > env; exit 1");
        plugin.Options.CookieKey = "GREETER_PLUGIN";
        plugin.Options.CookieValue = "hello";
        plugin.Options.ProtocolVersions.Add(3);
        plugin.Options.ProtocolVersions.Add(5);
        plugin.Options.MinimumLogLevel = LogLevel.Warning;
        plugin.Options.Environment["COLOUR"] = "green";
        plugin.Options.Environment["HOME"] = null;

        await plugin.FailToStartAsync();

        var variables = (await File.ReadAllLinesAsync(Path.Combine(plugin.Home, "env"), TestContext.Current.CancellationToken))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal("hello", variables["GREETER_PLUGIN"]);
        Assert.Equal("3,5", variables["PLUGIN_PROTOCOL_VERSIONS"]);
        Assert.Equal(("10000", "25000"), (variables["PLUGIN_MIN_PORT"], variables["PLUGIN_MAX_PORT"]));
        Assert.StartsWith(plugin.Options.LaunchDirectoryRoot!, variables["PLUGIN_UNIX_SOCKET_DIR"], StringComparison.Ordinal);
        Assert.Equal(variables["PLUGIN_UNIX_SOCKET_DIR"], variables["TMPDIR"]);
        Assert.Equal(32, variables["PLUGWIRE_LAUNCH_ID"].Length);
        Assert.Equal("stdin", variables["PLUGWIRE_LIFELINE"]);
        Assert.Equal("Warning", variables["PLUGWIRE_LOG_LEVEL"]);
        Assert.Equal("green", variables["COLOUR"]);
        Assert.False(variables.ContainsKey("HOME"));
        Assert.False(variables.ContainsKey("PLUGWIRE_SETTINGS_FILE"));
    }

    [Fact]
    public async Task StartAsync_Settings_ReachThePluginByAFileThatOnlyItsUserCanRead()
    {
        using var plugin = new ScriptPlugin("cd \"$TMPDIR/../..\"; stat -c %a \"$PLUGWIRE_SETTINGS_FILE\" > mode; cat \"$PLUGWIRE_SETTINGS_FILE\" > settings; exit 1");
        plugin.Options.Settings = JsonNode.Parse("""{ "Words": ["TODO", "Ärger"], "Depth": 3 }""")!.AsObject();

        await plugin.FailToStartAsync();

        Assert.Equal("600\n", await File.ReadAllTextAsync(Path.Combine(plugin.Home, "mode"), TestContext.Current.CancellationToken));
        var settings = await File.ReadAllTextAsync(Path.Combine(plugin.Home, "settings"), TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(plugin.Options.Settings, JsonNode.Parse(settings)), settings);
    }

    [Theory]
    [InlineData(null, "/bin")]
    [InlineData("/", "/")]
    public async Task StartAsync_WorkingDirectory_IsTheProgramsUnlessItIsSet(string? workingDirectory, string expected)
    {
        using var plugin = new ScriptPlugin("pwd > \"$TMPDIR/../../pwd\"; exit 1");
        plugin.Options.WorkingDirectory = workingDirectory;

        await plugin.FailToStartAsync();

        var actual = (await File.ReadAllTextAsync(Path.Combine(plugin.Home, "pwd"), TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(new DirectoryInfo(expected).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? expected, new DirectoryInfo(actual).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? actual);
    }
}
