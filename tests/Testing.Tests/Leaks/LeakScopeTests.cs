using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;
using Plugwire.Hosting.Launching.Guarding;
using Plugwire.Testing.Tests.Harness;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.Testing.Tests.Leaks;

/// <summary>Each kind of leak, caught and named; and what is none.</summary>
[Collection(typeof(AloneCollection))]
public sealed class LeakScopeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("plugwire-tests-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, PluginWays]
    public async Task Scope_AroundAHarnessAndACall_Passes(PluginWay way)
    {
        await using var scope = LeakScope.Begin();
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();

        await harness.GetContract<ISample>().UnaryAsync(new Note(), cancellationToken: Token);
    }

    [Fact]
    public async Task GuardOfAllPlugins_StartedWithin_IsNoLeak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard is Linux's.");
        await EndGuardAsync();
        await using var scope = LeakScope.Begin();

        await using (await PluginHarness.StartAsync<SamplePlugin>(PluginWay.Process, cancellationToken: Token).Within())
            Assert.NotNull(PluginGuard.Shared.Process);

        Assert.True(Directory.Exists($"/proc/{PluginGuard.Shared.Process.Id}"));
    }

    [Theory]
    [InlineData(PluginWay.Memory)]
    [InlineData(PluginWay.UnixSocket)]
    public async Task GuardOfAllPlugins_PluginRunsInTheTestsProcess_IsNotStarted(PluginWay way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard is Linux's.");
        await EndGuardAsync();

        await using (await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within())
            Assert.Null(PluginGuard.Shared.Process);
    }

    // The runtime opens things of its own when these are first used, and so this passes in whatever order the tests run.
    [Fact]
    public async Task Scope_AroundWhatTheRuntimeDoesForTheFirstTime_Passes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are Linux's.");
        await using var scope = LeakScope.Begin();
        using (var process = Process.Start(new ProcessStartInfo("true"))!)
            await process.WaitForExitAsync(Token).Within();
        using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            var path = Path.Combine(_directory, "socket");
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            await client.ConnectAsync(new UnixDomainSocketEndPoint(path), Token);
            (await listener.AcceptAsync(Token)).Dispose();
        }

        using var watcher = new FileSystemWatcher(_directory) { EnableRaisingEvents = true };
    }

    [Fact]
    public async Task ChildProcess_LeftRunning_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are seen on Linux.");
        var scope = LeakScope.Begin(TimeSpan.Zero);
        using var child = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;

        var failure = await Failure.OfDisposalAsync(scope);

        Assert.Contains($"the child process {child.Id} (sleep: sleep 1000) runs", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LeakScopeTests.cs:line", failure.Message, StringComparison.Ordinal);
        child.Kill();
        await child.WaitForExitAsync(Token).Within();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_LeftOpen_IsNamed(bool isDeleted)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen on Linux.");
        var scope = LeakScope.Begin(TimeSpan.Zero);
        var path = Path.Combine(_directory, "open.json");
        await using var file = File.Create(path);
        if (isDeleted)
            File.Delete(path);

        Assert.Contains($"{path}{(isDeleted ? " (deleted)" : "")} is open", (await Failure.OfDisposalAsync(scope)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_LeftOpen_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen on Linux.");
        var scope = LeakScope.Begin(TimeSpan.Zero);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.Contains("socket:[", (await Failure.OfDisposalAsync(scope)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_LeftOpen_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen on Linux.");
        var scope = LeakScope.Begin(TimeSpan.Zero);
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);

        Assert.Contains("pipe:[", (await Failure.OfDisposalAsync(scope)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileSystemWatcher_LeftOpen_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen on Linux.");
        var scope = LeakScope.Begin(TimeSpan.Zero);
        using var watcher = new FileSystemWatcher(_directory) { EnableRaisingEvents = true };

        Assert.Contains("inotify is open", (await Failure.OfDisposalAsync(scope)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_LeftInADirectory_IsNamed()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "before.txt"), "", Token);
        var scope = LeakScope.Begin(TimeSpan.Zero, _directory);
        Directory.CreateDirectory(Path.Combine(_directory, "deep"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "deep", ".after.txt"), "", Token);

        var failure = await Failure.OfDisposalAsync(scope);

        Assert.Contains($"'{Path.Combine(_directory, "deep", ".after.txt")}' is left on disk", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("before.txt", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Harness_NotDisposedOf_IsNamedWithItsOrigin()
    {
        var scope = LeakScope.Begin(TimeSpan.Zero);
        await using var harness = await StartForgottenAsync();

        var failure = await Failure.OfDisposalAsync(scope);

        Assert.Contains("the harness of the plugin 'EchoPlugin' has not been disposed of; it was made here", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(StartForgottenAsync), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_LeftOpenOnAHarnessFromBefore_IsNamedWithItsOrigin()
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(cancellationToken: Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var scope = LeakScope.Begin(TimeSpan.Zero);
        var call = harness.GetContract<ISample>().UnaryAsync(new Note { Hold = true }, cancellationToken: enough.Token).AsTask();

        var failure = await Failure.OfDisposalAsync(scope);

        Assert.Contains("the call /plugwire.testplugins.sample.Sample/Unary is still open; it was made here", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Call_LeftOpenOnAHarnessFromBefore_IsNamedWithItsOrigin), failure.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
    }

    [Fact]
    public async Task Harness_OfAnInnerScope_IsTheOuterOnesToo()
    {
        var outer = LeakScope.Begin(TimeSpan.Zero);
        var inner = LeakScope.Begin(TimeSpan.Zero);
        await using var harness = await StartForgottenAsync();

        await Failure.OfDisposalAsync(inner);
        await Failure.OfDisposalAsync(outer);
    }

    [Fact]
    public async Task Harness_OfAnotherFlow_IsNoneOfTheScopes()
    {
        await using var before = await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);
        var asked = new TaskCompletionSource();
        var elsewhere = StartWhenAskedAsync(asked.Task);

        await using (LeakScope.Begin(TimeSpan.Zero))
        {
            asked.SetResult();
            await elsewhere.Within();
        }

        await (await elsewhere).DisposeAsync();
    }

    [Fact]
    public async Task WhatIsGoneWithinTheLimit_IsNoLeak()
    {
        var path = Path.Combine(_directory, "soon gone");
        var scope = LeakScope.Begin(TimeSpan.FromSeconds(60), _directory);
        await File.WriteAllTextAsync(path, "", Token);

        var check = scope.CheckAsync(Token);
        Assert.False(check.IsCompleted);
        File.Delete(path);

        await check.Within();
    }

    [Fact]
    public async Task Check_ThatHasFailed_IsNotRepeatedByTheDisposal()
    {
        await using var scope = LeakScope.Begin(TimeSpan.Zero, _directory);
        await File.WriteAllTextAsync(Path.Combine(_directory, "left"), "", Token);

        await Assert.ThrowsAsync<ExpectationException>(() => scope.CheckAsync(Token).Within());
    }

    [Fact]
    public async Task Check_WhenTheTestIsCancelled_IsCancelled()
    {
        await using var scope = LeakScope.Begin(TimeSpan.FromMinutes(1), _directory);
        await File.WriteAllTextAsync(Path.Combine(_directory, "left"), "", Token);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.CheckAsync(cancelled.Token).Within());
    }

    [Fact]
    public void Begin_WithWhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LeakScope.Begin(TimeSpan.FromSeconds(-1)));
        Assert.Contains("/no/such", Assert.Throws<DirectoryNotFoundException>(() => LeakScope.Begin(null, "/no/such")).Message, StringComparison.Ordinal);
    }

    private static Task<PluginHarness> StartForgottenAsync() => PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);

    // Those that follow get another.
    private static async Task EndGuardAsync()
    {
        if (PluginGuard.Shared.Process is not { } guard)
            return;

        guard.Dispose();
        await guard.Ended.Within();
        while (PluginGuard.Shared.Process == guard)
            await Task.Yield();
    }

    private static async Task<PluginHarness> StartWhenAskedAsync(Task asked)
    {
        await asked;
        return await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: Token);
    }
}
