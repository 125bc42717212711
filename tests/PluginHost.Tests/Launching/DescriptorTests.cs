using System.Runtime.InteropServices;
using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

[Collection(AloneCollection.Name)]
public sealed partial class DescriptorTests
{
    private const int OpenFilesLimit = 7;

    [Fact]
    public async Task DisposeAsync_FiftyChildren_LeaveNoDescriptorAndNoChild()
    {
        await RunAndDisposeAsync();
        var before = Descriptors();

        for (var i = 0; i < 50; i++)
            await RunAndDisposeAsync();

        Assert.Equal(before, Descriptors());
    }

    [Fact]
    public async Task StartAsync_NoSuchFile_LeavesNoDescriptor()
    {
        var start = Start("") with { FileName = "/nowhere/at/all" };
        await Assert.ThrowsAsync<PluginStartException>(() => ChildProcess.StartAsync(start, Attempt()));
        var before = Descriptors();

        for (var i = 0; i < 50; i++)
            await Assert.ThrowsAsync<PluginStartException>(() => ChildProcess.StartAsync(start, Attempt()));

        Assert.Equal(before, Descriptors());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [Trait("Fault", "F31")]
    public async Task StartAsync_DescriptorsRunOut_SaysSoAndTheNextStartWorks(int left)
    {
        // Once before, so that all that it needs is loaded.
        await RunAndDisposeAsync();
        await Assert.ThrowsAsync<PluginStartException>(() => ChildProcess.StartAsync(Start("") with { FileName = "/nowhere/at/all" }, Attempt()));
        var highest = Directory.EnumerateFileSystemEntries("/proc/self/fd").Max(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(0, GetLimit(OpenFilesLimit, out var limit));

        PluginStartException failure;
        var filler = new List<FileStream>();
        try
        {
            // Below the limit every number is taken but for so many.
            Assert.Equal(0, SetLimit(OpenFilesLimit, limit with { Soft = (nuint)(highest + 1) }));
            while (TryFill(filler))
            {
            }

            foreach (var file in filler.Take(left))
                await file.DisposeAsync();
            failure = await Assert.ThrowsAsync<PluginStartException>(() => ChildProcess.StartAsync(Start("exit"), Attempt()));
        }
        finally
        {
            Assert.Equal(0, SetLimit(OpenFilesLimit, limit));
            foreach (var file in filler)
                await file.DisposeAsync();
        }

        Assert.Equal(PluginStartReason.TooManyOpenFiles, failure.Reason);
        Assert.Contains("the host has no file descriptor left", failure.Message, StringComparison.Ordinal);
        await RunAndDisposeAsync();
    }

    private static async Task RunAndDisposeAsync()
    {
        await using var child = await RunAsync("echo x; exit 2");
        Assert.Equal("x\n", await ReadToEndAsync(child.StandardOutput));
        Assert.Equal(new ChildExit(2, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    private static bool TryFill(List<FileStream> filler)
    {
        try
        {
            filler.Add(new FileStream("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Without that of the directory itself, and those of assemblies, which the runtime loads when it likes.
    private static SortedSet<int> Descriptors()
    {
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Where(path => !IsTheRuntimes(path));
        return [.. open.Select(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static bool IsTheRuntimes(string descriptor) => new FileInfo(descriptor).LinkTarget is { } target
        && (target.StartsWith("/proc/", StringComparison.Ordinal) || target.EndsWith(".dll", StringComparison.Ordinal));

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    private record struct ResourceLimit(nuint Soft, nuint Hard);
}
