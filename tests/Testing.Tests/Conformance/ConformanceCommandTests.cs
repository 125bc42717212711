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

        Assert.Equal(0, code);
        Assert.All(PluginConformance.Cases, item => Assert.Contains(item.Id, output, StringComparison.Ordinal));
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
