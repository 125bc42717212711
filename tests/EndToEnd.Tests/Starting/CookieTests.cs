using System.Diagnostics;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

public sealed class CookieTests : PluginTest
{
    private const string Explanation = "This program is a plugin: it does nothing by itself, it is started by the application that it extends.";

    [Fact]
    public async Task Plugin_StartedByHand_ExplainsItselfAndExitsWithOne()
    {
        var start = new ProcessStartInfo(TestPrograms.Faulty) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("PLUGWIRE_PLUGIN");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal((1, ""), (process.ExitCode, await output.Within()));
        Assert.StartsWith(Explanation, await error.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OUR_COOKIE", "another value", "has another value than the plugin expects")]
    [InlineData("OTHER_COOKIE", "our value", "is not set")]
    public async Task Plugin_OfAnotherApplication_RefusesAndTheHostSaysWhy(string key, string value, string expected)
    {
        var options = Faulty("--cookie-key=OUR_COOKIE", "--cookie-value=our value");
        (options.CookieKey, options.CookieValue) = (key, value);

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.ExitedEarly, 1), (failure.Stage, failure.Reason, failure.ExitCode));
        Assert.Contains(Explanation, failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.Contains($"the environment variable OUR_COOKIE {expected}", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_WithItsApplicationsCookie_Starts()
    {
        var options = Faulty("--cookie-key=OUR_COOKIE", "--cookie-value=our value");
        (options.CookieKey, options.CookieValue) = ("OUR_COOKIE", "our value");

        await using var plugin = await StartAsync(options);

        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
    }
}
