using System.Text.Json.Nodes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Starting;

/// <summary>What of the options reaches the plugin's process.</summary>
public sealed class LaunchTests : PluginTest
{
    [Fact]
    public async Task Arguments_WithAllThatAShellWouldTouch_ArriveUntouched()
    {
        var description = await DescribeAsync(Faulty("--text=a b \"'$HOME\\*", "--empty=", "--umlaut=ä"));

        Assert.Equal(["--text=a b \"'$HOME\\*", "--empty=", "--umlaut=ä"], description.Arguments);
        Assert.Equal("a b \"'$HOME\\*", description.Configuration["text"]);
    }

    [Fact]
    public async Task WorkingDirectory_Given_IsThePlugins()
    {
        var options = Faulty();
        options.WorkingDirectory = "/usr";

        Assert.Equal("/usr", (await DescribeAsync(options)).WorkingDirectory);
    }

    [Fact]
    public async Task WorkingDirectory_NotGiven_IsThatOfTheProgram()
    {
        var options = Faulty();

        Assert.Equal(Path.GetDirectoryName(options.FileName), (await DescribeAsync(options)).WorkingDirectory);
    }

    [Fact]
    public async Task WorkingDirectory_NotGivenForAProgramOfTheSearchPath_IsThatOfTheHost()
    {
        var options = Faulty();
        options.Arguments.Insert(0, options.FileName + ".dll");
        options.FileName = "dotnet";

        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), (await DescribeAsync(options)).WorkingDirectory);
    }

    [Fact]
    public async Task Environment_ByDefault_HasWhatIsAllowedAndThePluginsOwn()
    {
        Environment.SetEnvironmentVariable("E2E_SECRET_OF_THE_HOST", "secret");
        Environment.SetEnvironmentVariable("LC_E2E", "allowed");
        var options = Faulty();
        options.Environment["E2E_OWN"] = "of the plugin";
        options.Environment["HOME"] = null;

        var environment = (await DescribeAsync(options)).Environment;

        Assert.DoesNotContain("E2E_SECRET_OF_THE_HOST", environment.Keys);
        Assert.DoesNotContain("HOME", environment.Keys);
        Assert.Equal("of the plugin", environment["E2E_OWN"]);
        Assert.Equal("allowed", environment["LC_E2E"]);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), environment["PATH"]);
        Assert.StartsWith(Root.Path + "/", environment["TMPDIR"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Environment_OfAHostThatIsAPluginItself_TellsNothingOfItsOwnLaunch(bool inherits)
    {
        Environment.SetEnvironmentVariable("PLUGIN_CLIENT_CERT", "of the outer host");
        Environment.SetEnvironmentVariable("PLUGIN_MULTIPLEX_GRPC", "true");
        Environment.SetEnvironmentVariable("PLUGWIRE_E2E", "of the outer host");
        Environment.SetEnvironmentVariable("E2E_OF_THE_HOST", "inherited");
        var options = Faulty();
        options.InheritEnvironment = inherits;

        var environment = (await DescribeAsync(options)).Environment;

        Assert.DoesNotContain("PLUGIN_CLIENT_CERT", environment.Keys);
        Assert.DoesNotContain("PLUGIN_MULTIPLEX_GRPC", environment.Keys);
        Assert.DoesNotContain("PLUGWIRE_E2E", environment.Keys);
        Assert.Equal(inherits, environment.ContainsKey("E2E_OF_THE_HOST"));
        Assert.Equal("1", environment["PLUGIN_PROTOCOL_VERSIONS"]);
    }

    [Fact]
    public async Task Settings_Given_AreThePluginsConfiguration()
    {
        var options = Faulty("--Both=from the arguments");
        options.Settings = new JsonObject
        {
            ["Depth"] = 3,
            ["Both"] = "from the settings",
            ["Nested"] = new JsonObject { ["List"] = new JsonArray("a", "ä\n\"b\"") },
        };

        var configuration = (await DescribeAsync(options)).Configuration;

        Assert.Equal("3", configuration["Depth"]);
        Assert.Equal("from the arguments", configuration["Both"]);
        Assert.Equal("a", configuration["Nested:List:0"]);
        Assert.Equal("ä\n\"b\"", configuration["Nested:List:1"]);
    }

    private static async Task<Description> DescribeAsync(PluginOptions options)
    {
        await using var plugin = await StartAsync(options);
        return await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();
    }
}
