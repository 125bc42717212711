namespace Plugwire.Promises.Tests;

public sealed class SoakTests
{
    [Fact]
    public async Task Soak_OfTenPlugins_LeavesNothingAndEachCallHasOneEnd()
    {
        var (exitCode, output, error) = await Driver.RunAsync("--soak", "00:00:20", "--plugins", "10");

        Assert.True(exitCode == 0, $"Exit code {exitCode}: {output}\n{error}");
        Assert.Contains("Nothing is left, and each call had one end.", output, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage(output);
    }
}
