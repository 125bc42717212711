using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class PluginEnvironmentTests
{
    private static readonly Dictionary<string, string?> Nothing = [];
    private static readonly Dictionary<string, string> NoLaunch = [];

    [Theory]
    [InlineData("PATH", true, true)]
    [InlineData("HOME", true, true)]
    [InlineData("USER", true, true)]
    [InlineData("LOGNAME", true, true)]
    [InlineData("LANG", true, true)]
    [InlineData("LC_ALL", true, true)]
    [InlineData("TZ", true, true)]
    [InlineData("TMPDIR", true, true)]
    [InlineData("SSL_CERT_FILE", true, true)]
    [InlineData("SSL_CERT_DIR", true, true)]
    [InlineData("DOTNET_ROOT", true, true)]
    [InlineData("DOTNET_ROOT_X64", true, true)]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", true, true)]
    [InlineData("DOTNET_STARTUP_HOOKS", false, true)]
    [InlineData("DOTNET_ADDITIONAL_DEPS", false, true)]
    [InlineData("DOTNET_ROOTS", false, true)]
    [InlineData("CORECLR_PROFILER", false, true)]
    [InlineData("LD_PRELOAD", false, true)]
    [InlineData("LD_LIBRARY_PATH", false, true)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false, true)]
    [InlineData("path", false, true)]
    [InlineData("PLUGIN_CLIENT_CERT", false, false)]
    [InlineData("PLUGIN_", false, false)]
    [InlineData("PLUGWIRE_LAUNCH_ID", false, false)]
    [InlineData("PLUGINS", false, true)]
    public void Create_HostHasVariable_PassesItOnOrNot(string name, bool byDefault, bool whenAllIsInherited)
    {
        KeyValuePair<string, string>[] host = [new(name, "value")];

        Assert.Equal(byDefault, PluginEnvironment.Create(false, Nothing, NoLaunch, Attempt(), host).ContainsKey(name));
        Assert.Equal(whenAllIsInherited, PluginEnvironment.Create(true, Nothing, NoLaunch, Attempt(), host).ContainsKey(name));
    }

    [Fact]
    public void Create_SameNameThrice_LaunchWinsOverPluginOverHost()
    {
        KeyValuePair<string, string>[] host = [new("HOME", "host"), new("LANG", "host"), new("TZ", "host"), new("TMPDIR", "host")];
        var plugin = new Dictionary<string, string?> { ["LANG"] = "plugin", ["TZ"] = null, ["TMPDIR"] = "plugin", ["PLUGIN_OWN"] = "plugin", ["EMPTY"] = "" };
        var launch = new Dictionary<string, string> { ["TMPDIR"] = "launch" };

        var environment = PluginEnvironment.Create(false, plugin, launch, Attempt(), host);

        Assert.Equal(
            new Dictionary<string, string> { ["HOME"] = "host", ["LANG"] = "plugin", ["TMPDIR"] = "launch", ["PLUGIN_OWN"] = "plugin", ["EMPTY"] = "" },
            environment);
    }

    [Fact]
    public void Create_RealHost_HandsItsPathOn() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), PluginEnvironment.Create(false, Nothing, NoLaunch, Attempt())["PATH"]);

    [Theory]
    [InlineData("", "x", "an environment variable has an empty name.")]
    [InlineData("A=B", "x", "the environment variable 'A=B' has a '=' in its name.")]
    [InlineData("A\0B", "x", "the environment variable 'A\\0B' has a NUL character in its name or its value.")]
    [InlineData("A", "x\0y", "the environment variable 'A' has a NUL character in its name or its value.")]
    public void Create_UnusableVariable_IsRefusedByName(string name, string value, string sentence)
    {
        var failure = Assert.Throws<PluginStartException>(
            () => PluginEnvironment.Create(false, new Dictionary<string, string?> { [name] = value }, NoLaunch, Attempt(), []));

        Assert.Equal(PluginStartReason.InvalidOptions, failure.Reason);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }
}
