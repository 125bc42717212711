using System.Diagnostics;
using System.Xml.Linq;

namespace Plugwire.Testing.Tests.Conformance;

public sealed class ConformanceCommandTests
{
    [Fact]
    public async Task PluginThatMeetsTheRequirements_EndsWithZeroAndAReport()
    {
        var junit = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".xml");
        try
        {
            var (code, output, _) = await RunAsync("plugin", Programs.ConformancePlugin, "--filter", "health", "--versions", "1", "2", "3", "--junit", junit, "--", "--by-hand");

            Assert.Equal(0, code);
            Assert.Contains("health.serving", output, StringComparison.Ordinal);
            Assert.Contains("2 pass, 0 fail", output, StringComparison.Ordinal);
            Assert.Equal("2", XDocument.Load(junit).Root!.Attribute("tests")!.Value);
        }
        finally
        {
            File.Delete(junit);
        }
    }

    [Fact]
    public async Task HostThatMeetsTheRequirements_EndsWithZeroAndAReport()
    {
        var junit = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".xml");
        try
        {
            var (code, output, _) = await RunAsync("host", "--filter", "launch", "--require-call", "--junit", junit, "--", Programs.ConformanceHost, "{plugin}");

            Assert.Equal(0, code);
            Assert.Contains("launch.versions", output, StringComparison.Ordinal);
            Assert.Equal("plugwire.conformance.host", XDocument.Load(junit).Root!.Element("testsuite")!.Attribute("name")!.Value);
        }
        finally
        {
            File.Delete(junit);
        }
    }

    [Fact]
    public async Task HostThatFailsACase_EndsWithOne()
    {
        var (code, output, _) = await RunAsync("host", "--filter", "launch.versions", "--", Programs.ConformanceHost, "{plugin}", "--break=launch.versions");

        Assert.Equal(1, code);
        Assert.Contains("has 'v1'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PluginThatFailsACase_EndsWithOne()
    {
        var (code, output, _) = await RunAsync("plugin", Programs.ConformancePlugin, "--filter", "health.serving", "--", "--break=health.serving");

        Assert.Equal(1, code);
        Assert.Contains("NotServing", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramThatIsNotThere_EndsWithTwo() => Assert.Equal(2, (await RunAsync("plugin", "/nonexistent/plugin", "--filter", "health.serving")).Code);

    [Theory]
    [InlineData("plugin")]
    [InlineData("plugin", "x", "--filter", "nothing")]
    [InlineData("plugin", "x", "--revision", "1999-01")]
    [InlineData("plugin", "x", "--cookie", "no-value")]
    [InlineData("plugin", "x", "--nonsense")]
    [InlineData("host")]
    [InlineData("host", "/bin/true")]
    [InlineData("host", "--filter", "nothing", "--", "/bin/true")]
    [InlineData("host", "--start-timeout", "0", "--", "/bin/true")]
    [InlineData("play-plugin")]
    public async Task WrongUse_EndsWithTwoAndASentence(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.NotEmpty(error.Trim());
    }

    [Fact]
    public async Task List_NamesTheCases()
    {
        var (code, output, _) = await RunAsync("plugin", "--list");
        var (hostCode, hostOutput, _) = await RunAsync("host", "--list");

        Assert.Equal((0, 0), (code, hostCode));
        Assert.All(PluginConformance.Cases, item => Assert.Contains(item.Id, output, StringComparison.Ordinal));
        Assert.All(HostConformance.Cases, item => Assert.Contains(item.Id, hostOutput, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Programs.ConformanceCommand, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within();
            return (process.ExitCode, await output.Within(), await error.Within());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
