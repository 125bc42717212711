using System.Globalization;
using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

/// <summary>The stand-in for systems where we cannot start a child ourselves; its promises are fewer.</summary>
public sealed class RuntimeChildTests
{
    [Fact]
    public async Task Exited_ChildExits_TellsItsCode()
    {
        await using var child = RuntimeChild.Start(Start("read line; echo out-$line; echo err >&2; exit 7"), TimeProvider.System);
        await child.StandardInput.WriteAsync("x\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await child.StandardInput.DisposeAsync();

        Assert.Equal("out-x\n", await ReadToEndAsync(child.StandardOutput));
        Assert.Equal("err\n", await ReadToEndAsync(child.StandardError));
        Assert.Equal(new ChildExit(7, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Fault", "F33")]
    public async Task DisposeAsync_GrandchildLeftTheTree_IsEndedToo()
    {
        var child = RuntimeChild.Start(Start("(setsid sh -c 'sleep 1000 & echo $!; wait' &) ; sleep 1000"), TimeProvider.System);
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);

        await child.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(new ChildExit(137, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await EndedAsync(grandchild);
    }

    [Theory]
    [InlineData("/nowhere/at/all", PluginStartReason.NotFound)]
    [InlineData("/usr", PluginStartReason.IsDirectory)]
    [InlineData("/etc/passwd", PluginStartReason.NotExecutable)]
    public void Start_NoProgram_SaysWhatTheOtherWaySays(string fileName, PluginStartReason reason)
    {
        var start = Start("") with { FileName = fileName };
        var cause = Assert.Throws<System.ComponentModel.Win32Exception>(() => RuntimeChild.Start(start, TimeProvider.System));

        Assert.Equal(reason, SpawnFailure.Explain(start, cause, Attempt()).Reason);
    }
}
