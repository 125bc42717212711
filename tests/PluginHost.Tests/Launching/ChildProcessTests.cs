using System.Globalization;
using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class ChildProcessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(137)]
    [InlineData(255)]
    public async Task Exited_ChildExits_TellsItsCode(int code)
    {
        await using var child = await RunAsync($"exit {code}");

        Assert.Equal(new ChildExit(code, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("KILL", 9)]
    [InlineData("SEGV", 11)]
    [InlineData("TERM", 15)]
    [InlineData("ABRT", 6)]
    public async Task Exited_ChildKilledBySignal_TellsTheSignalAndNoCode(string name, int signal)
    {
        await using var child = await RunAsync($"kill -{name} $$");

        Assert.Equal(new ChildExit(null, signal), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Exited_TwoHundredChildrenAtOnce_EachTellsItsOwnCode()
    {
        var children = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => RunAsync($"read line; exit {i}")));
        foreach (var child in children)
            await child.StandardInput.DisposeAsync();

        var exits = await Task.WhenAll(children.Select(child => child.Exited)).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => new ChildExit(i, null)), exits);
        await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask())).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Exited_GrandchildHoldsThePipes_DoesNotWaitForIt()
    {
        await using var child = await RunAsync("sleep 1000 & echo $!; exit 3");
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);

        Assert.Equal(new ChildExit(3, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.True(IsAlive(grandchild));
    }

    [Fact]
    [Trait("Fault", "F16")]
    public async Task Exited_ChildClosesItsOutputAndLives_DoesNotEnd()
    {
        await using var child = await RunAsync("exec 1>&- 2>&-; read line; exit 5");
        Assert.Equal("", await ReadToEndAsync(child.StandardOutput));
        Assert.Equal("", await ReadToEndAsync(child.StandardError));
        Assert.False(child.Exited.IsCompleted);

        await child.StandardInput.DisposeAsync();

        Assert.Equal(new ChildExit(5, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StartAsync_HostHasOtherDescriptors_ChildHasThree()
    {
        using var inheritable = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out, HandleInheritability.Inheritable);
        await using var child = await ChildProcess.StartAsync(Start("") with { FileName = "/bin/cat", Arguments = [] }, Attempt());

        // Once it answers, its loader has closed what it opened.
        await child.StandardInput.WriteAsync("loaded\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("loaded", await ReadLineAsync(child.StandardOutput));
        var descriptors = Directory.EnumerateFileSystemEntries($"/proc/{child.Id}/fd").Select(Path.GetFileName);

        Assert.Equal(["0", "1", "2"], descriptors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task StartAsync_WritesToAllStreams_EachArrivesAtItsOwn()
    {
        await using var child = await RunAsync("read word; echo out-$word; echo err-$word >&2");
        await child.StandardInput.WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("out-hello\n", await ReadToEndAsync(child.StandardOutput));
        Assert.Equal("err-hello\n", await ReadToEndAsync(child.StandardError));
    }

    [Fact]
    public async Task StartAsync_OutputReopenedByPath_Works()
    {
        await using var child = await RunAsync("echo one > /dev/stdout; echo two > /dev/stderr");

        Assert.Equal("one\n", await ReadToEndAsync(child.StandardOutput));
        Assert.Equal("two\n", await ReadToEndAsync(child.StandardError));
    }

    [Fact]
    public async Task StartAsync_Signals_NoneIgnoredAndNoneBlocked()
    {
        // .NET ignores SIGPIPE, as every host does in whose process this runs.
        const ulong LibrarysOwn = 0b11UL << 31;
        await using var child = await RunAsync("grep -E '^Sig(Ign|Blk):' /proc/self/status");

        var lines = (await ReadToEndAsync(child.StandardOutput)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(0UL, ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~LibrarysOwn));
    }

    [Fact]
    public async Task StartAsync_Environment_IsExactlyWhatWasGiven()
    {
        var start = Start("") with { FileName = "/usr/bin/env", Arguments = [], Environment = new Dictionary<string, string> { ["ONE"] = "1", ["UMLAUT"] = "ä=ö" } };
        await using var child = await ChildProcess.StartAsync(start, Attempt());

        Assert.Equal(["ONE=1", "UMLAUT=ä=ö"], (await ReadToEndAsync(child.StandardOutput)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task StartAsync_ArgumentsAndWorkingDirectory_ArriveUntouched()
    {
        var start = Start("") with { Arguments = ["-c", "pwd; printf '%s|' \"$@\"", "name", "a b", "", "$HOME \"'\\", "ä"], WorkingDirectory = "/usr" };
        await using var child = await ChildProcess.StartAsync(start, Attempt());

        Assert.Equal("/usr\na b||$HOME \"'\\|ä|", await ReadToEndAsync(child.StandardOutput));
    }

    [Fact]
    public async Task Terminate_ChildThatHeeds_ItsWholeGroupEnds()
    {
        await using var child = await RunAsync("sleep 1000 & echo $!; wait");
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);

        child.Terminate();

        Assert.Equal(new ChildExit(null, 15), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));

        await EndedAsync(grandchild);
    }

    [Fact]
    public async Task Terminate_ChildIgnoresIt_KillEndsIt()
    {
        await using var child = await RunAsync("trap '' TERM; echo ready; while :; do sleep 1000; done");
        Assert.Equal("ready", await ReadLineAsync(child.StandardOutput));

        child.Terminate();
        child.Kill();

        Assert.Equal(new ChildExit(null, 9), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Kill_ChildIsStopped_EndsIt()
    {
        await using var child = await RunAsync("kill -STOP $$");

        child.Kill();

        Assert.Equal(new ChildExit(null, 9), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("sleep 1000 & echo $!; wait")]
    [InlineData("setsid sleep 1000 & echo $!; wait")]
    [InlineData("(sleep 1000 & echo $!)")]
    [InlineData("(setsid sh -c 'sleep 1000 & echo $!; wait' &)")]
    [InlineData("setsid sh -c '(sleep 1000 & echo $!)'; exit 3")]
    public async Task DisposeAsync_GrandchildRuns_IsEndedWithTheChild(string script)
    {
        var child = await RunAsync(script);
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);

        await child.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists($"/proc/{child.Id}"));
        await EndedAsync(grandchild);
    }

    [Fact]
    public async Task DisposeAsync_NeighbourRuns_IsLeftAlone()
    {
        await using var neighbour = await RunAsync("setsid sleep 1000 & echo $!; wait");
        var others = int.Parse(await ReadLineAsync(neighbour.StandardOutput), CultureInfo.InvariantCulture);
        var child = await RunAsync("wait");

        await child.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.True(IsAlive(others));
        Assert.False(neighbour.Exited.IsCompleted);
    }

    [Fact]
    public async Task DisposeAsync_ReadIsWaiting_EndsTheReadAndLeavesNoZombie()
    {
        var child = await RunAsync("sleep 1000");
        var read = child.StandardOutput.ReadAsync(new byte[16], TestContext.Current.CancellationToken).AsTask();

        await Task.WhenAll(child.DisposeAsync().AsTask(), child.DisposeAsync().AsTask()).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(0, await read.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists($"/proc/{child.Id}"));
        child.Kill();
        child.Terminate();
    }
}
