using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Starting;

namespace Plugwire.Hosting.Tests.Supervising;

[Collection(AloneCollection.Name)]
public sealed class PluginDescriptorTests
{
    [Fact]
    public async Task StopAsync_ManyPlugins_LeaveNoDescriptor()
    {
        await StartAndStopAsync();
        var before = Descriptors();

        for (var i = 0; i < 10; i++)
            await StartAndStopAsync();

        Assert.Equal(before, Descriptors());
    }

    [Fact]
    public async Task StartAsync_ManyThatFail_LeaveNoDescriptor()
    {
        await FailAsync();
        var before = Descriptors();

        for (var i = 0; i < 10; i++)
            await FailAsync();

        Assert.Equal(before, Descriptors());
    }

    private static async Task StartAndStopAsync()
    {
        await using var served = new ServedPlugin();
        await using var plugin = await served.StartAsync();
        await plugin.StopAsync(TestContext.Current.CancellationToken).WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
    }

    private static async Task FailAsync()
    {
        using var script = new ScriptPlugin("echo garbage; exec sleep 60");
        await script.FailToStartAsync();
    }

    // Sockets, pipes and files by their names, but for the directory itself and assemblies, which the runtime loads when it likes.
    private static SortedSet<string> Descriptors() =>
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => !target.StartsWith("/proc/", StringComparison.Ordinal) && !target.EndsWith(".dll", StringComparison.Ordinal)),
    ];
}
