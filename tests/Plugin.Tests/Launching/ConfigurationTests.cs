using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Launching;

namespace Plugwire.Tests.Launching;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeLaunch _launch = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Settings_FromTheHostsFile_AreTheConfigurationAndSurviveRearranging()
    {
        _launch[LaunchVariables.SettingsFile] = _directory.Write("settings.json", """{ "Rules": { "Max": 3, "Names": ["a", "b"] }, "On": true }""");

        var builder = _launch.CreateBuilder();
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource());
        await using var application = builder.Build();
        var configuration = application.Services.GetRequiredService<IConfiguration>();

        Assert.Equal("3", configuration["Rules:Max"]);
        Assert.Equal("b", configuration["Rules:Names:1"]);
        Assert.Equal("True", configuration["On"]);
    }

    [Fact]
    public void CommandLine_OverSettings_Wins()
    {
        _launch[LaunchVariables.SettingsFile] = _directory.Write("settings.json", """{ "Max": 3 }""");

        Assert.Equal("4", _launch.CreateBuilder("--Max=4").Configuration["Max"]);
    }

    [Fact]
    public void Environment_Variables_AreNotConfiguration()
    {
        Assert.Null(_launch.CreateBuilder().Configuration["PATH"]);
    }

    [Theory]
    [InlineData("{ \"secret-password\": ", "line 1")]
    [InlineData("[1, 2]", "object")]
    [InlineData("", "JSON")]
    [InlineData("{ \"a\": 1, \"A\": 2 }", "duplicate")]
    public void Settings_ThatAreNoJsonObject_AreRefusedWithPathAndPlaceAndNoContent(string text, string says)
    {
        var path = _directory.Write("settings.json", text);
        _launch[LaunchVariables.SettingsFile] = path;

        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => _launch.CreateBuilder());

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret-password", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_InAMissingFile_AreRefusedWithPath()
    {
        _launch[LaunchVariables.SettingsFile] = "/nonexistent/settings.json";

        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => _launch.CreateBuilder());

        Assert.Contains("/nonexistent/settings.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Argument_InAFormThatIsNone_IsRefused()
    {
        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => _launch.CreateBuilder("-x=1"));

        Assert.Contains("-x=1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogLevel_ThatTheHostNames_HoldsFromTheStart()
    {
        _launch[LaunchVariables.LogLevel] = "Error";

        await using var application = _launch.CreateBuilder().Build();
        var logger = application.Services.GetRequiredService<ILogger<ConfigurationTests>>();

        Assert.True(logger.IsEnabled(LogLevel.Error));
        Assert.False(logger.IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public async Task LogLevel_ThatIsNone_IsToldAndPassedOver()
    {
        _launch[LaunchVariables.LogLevel] = "loud";

        await using var application = _launch.CreateBuilder().Build();

        Assert.Contains("'loud'", _launch.Told, StringComparison.Ordinal);
        Assert.True(application.Services.GetRequiredService<ILogger<ConfigurationTests>>().IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task LogLevel_WhenTheHostNamesNone_IsTheAuthors()
    {
        var builder = _launch.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        await using var application = builder.Build();

        Assert.True(application.Services.GetRequiredService<ILogger<ConfigurationTests>>().IsEnabled(LogLevel.Debug));
    }
}
