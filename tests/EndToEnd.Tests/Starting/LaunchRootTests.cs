using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

/// <summary>Places where no launch directory can be made.</summary>
public sealed class LaunchRootTests : PluginTest
{
    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/self/no/such/directory")]
    [InlineData("/dev/null/below/a/file")]
    [Trait("Fault", "F29")]
    public async Task LaunchDirectoryRoot_InWhichNothingCanBeMade_IsRefusedBeforeThereIsAProcess(string root)
    {
        var options = Faulty();
        options.LaunchDirectoryRoot = root;

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable), (failure.Stage, failure.Reason));
        Assert.Contains(root, failure.Message, StringComparison.Ordinal);
        Assert.Equal((null, null), (failure.ExitCode, failure.Signal));
    }

    [Fact]
    [Trait("Fault", "F29")]
    public async Task LaunchDirectoryRoot_TooLongForASocket_IsRefusedBeforeThereIsAProcess()
    {
        var options = Faulty();
        options.LaunchDirectoryRoot = Directory.CreateDirectory(Path.Combine(Root.Path, new string('x', 100))).FullName;
        try
        {
            var failure = await RefusedAsync(options);

            Assert.Equal((PluginStartStage.LaunchDirectory, PluginStartReason.LaunchDirectoryUnusable), (failure.Stage, failure.Reason));
        }
        finally
        {
            Directory.Delete(options.LaunchDirectoryRoot, recursive: true);
        }

        Root.AssertNothingIsLeft();
    }
}
