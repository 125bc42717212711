using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Sample;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>Bad input is refused before anything is started.</summary>
public sealed class RefusedOptionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task ConfigurePlugin_OfAProcess_IsRefused() => RefusedAsync(PluginWay.Process, options => options.ConfigurePlugin(_ => { }), "runs in a process of its own");

    [Fact]
    public Task Binary_OfAPluginInTheTestsProcess_IsRefused() =>
        RefusedAsync(PluginWay.Memory, options => options.Binary = PluginBinary.Of<SamplePlugin>(), "runs in the test's process");

    [Fact]
    public Task StopLimit_OfZero_IsRefused() => RefusedAsync(PluginWay.Memory, options => options.StopLimit = TimeSpan.Zero, "more than zero");

    [Fact]
    public Task FileName_OfTheHost_IsTheHarnesssToFillIn() => RefusedAsync(PluginWay.Process, options => options.Host.FileName = "plugin", "Host.FileName is for the harness");

    [Fact]
    public Task LaunchDirectoryRoot_OfTheHost_IsTheHarnesssToFillIn() =>
        RefusedAsync(PluginWay.Memory, options => options.Host.LaunchDirectoryRoot = "/tmp", "Host.LaunchDirectoryRoot is for the harness");

    [Fact]
    public Task LoggerFactory_OfTheHost_IsTheHarnesssToFillIn() =>
        RefusedAsync(PluginWay.Memory, options => options.Host.LoggerFactory = NullLoggerFactory.Instance, "PluginHarnessOptions.LoggerFactory");

    [Fact]
    public Task Options_OfTheHostThatCannotBe_AreRefusedByTheStart() => Assert.ThrowsAsync<PluginStartException>(
        () => PluginHarness.StartAsync<EchoPlugin>(configure: options => options.Host.DrainTimeout = TimeSpan.FromSeconds(-2), cancellationToken: Token).Within());

    [Fact]
    public async Task Way_ThatIsNone_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PluginHarness.StartAsync<EchoPlugin>((PluginWay)77, cancellationToken: Token));

    [Fact]
    public async Task PluginPutTogetherByTheTest_AsAProcess_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => PluginHarness.StartAsync(_ => { }, PluginWay.Process, cancellationToken: Token));

        Assert.Contains("name the plugin's class or its binary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PluginOfTheTestsProgram_AsAProcess_IsRefusedWithWhatToDo()
    {
        var failure = await Assert.ThrowsAsync<FileNotFoundException>(() => PluginHarness.StartAsync<EchoPlugin>(PluginWay.Process, cancellationToken: Token));

        Assert.Contains("OutputType Exe", failure.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(PluginWay way, Action<PluginHarnessOptions> configure, string reason)
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => PluginHarness.StartAsync<SamplePlugin>(way, configure, Token));

        Assert.Equal("configure", failure.ParamName);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
