using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.Sample;
using Plugwire.TestPlugins.Sample.Contract;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>What the disposal of a harness finds, each by a plugin or a test that leaves it. That those which leave nothing pass is seen in all other tests.</summary>
public sealed class DisposalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Call_LeftOpen_IsFoundWithItsOrigin(PluginWay way)
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();
        var call = BeginToWait(harness);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("the call /plugwire.testplugins.sample.Sample/Unary is still open", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(BeginToWait), failure.Message, StringComparison.Ordinal);
        Assert.Contains("DisposalTests.cs:line", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => call.Within());
    }

    [Theory, PluginWays]
    public async Task Stream_LeftOpen_IsFound(PluginWay way)
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();
        var stream = harness.GetContract<ISample>().RepeatAsync(new Note { Number = 1, Hold = true }, cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync().AsTask().Within());

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("the call /plugwire.testplugins.sample.Sample/Repeat is still open", failure.Message, StringComparison.Ordinal);
        await stream.DisposeAsync();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Handler_ThatHeedsNoToken_IsFound(PluginWay way)
    {
        var deaf = new Deaf();
        var harness = await PluginHarness.StartAsync(plugin =>
        {
            plugin.Options.DrainTimeout = TimeSpan.FromMilliseconds(200);
            plugin.AddContract<IEcho>(deaf);
        }, way, options => options.RestLimit = TimeSpan.FromMilliseconds(200), Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: enough.Token).AsTask();
        await deaf.Called.Task.Within();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("1 of the plugin's handlers still run", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("is still open", failure.Message, StringComparison.Ordinal);
        deaf.Release.SetResult();
    }

    [Theory, PluginWays]
    public async Task Error_InThePluginsLog_IsFound(PluginWay way)
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();
        await harness.GetContract<ISample>().LogAsync(new LogRequest { Level = nameof(LogLevel.Error), Text = "a disk is full" }, cancellationToken: Token);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("an error was logged that the test has not allowed (Logs.AllowErrors): [Error] SamplePlugin.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a disk is full", failure.Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays]
    public async Task Error_ThatTheTestAllows_Passes(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<SamplePlugin>(way, cancellationToken: Token).Within();
        harness.Logs.AllowErrors(record => record.HasValue("Text", "a disk is full"));

        await harness.GetContract<ISample>().LogAsync(new LogRequest { Level = nameof(LogLevel.Critical), Text = "a disk is full" }, cancellationToken: Token);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Plugin_ThatHangsInItsStop_IsFoundToHaveBeenKilled(PluginWay way)
    {
        using var released = new ManualResetEventSlim();
        var harness = await PluginHarness.StartAsync(_ => { }, way, Impatient, Token);
        harness.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(released.Wait);

        var disposal = Failure.OfDisposalAsync(harness);
        await harness.Plugin.Completion.Within();
        released.Set();

        Assert.Contains("had to be killed", (await disposal.Within()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_WhoseRunNeverEnds_IsFoundInTime()
    {
        using var released = new ManualResetEventSlim();
        var harness = await PluginHarness.StartAsync(_ => { }, configure: options =>
        {
            Impatient(options);
            options.RestLimit = TimeSpan.FromMilliseconds(200);
        }, cancellationToken: Token);
        harness.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(released.Wait);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains("the plugin's run has not ended", failure.Message, StringComparison.Ordinal);
        released.Set();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task StopLimit_OnAClockThatStandsStill_EndsTheDisposal(PluginWay way)
    {
        using var released = new ManualResetEventSlim();
        var harness = await PluginHarness.StartAsync(_ => { }, way, options =>
        {
            options.TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
            options.StopLimit = TimeSpan.FromMilliseconds(200);
        }, Token);
        harness.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(released.Wait);

        var disposal = Failure.OfDisposalAsync(harness);
        await harness.Plugin.Completion.Within();
        released.Set();

        Assert.Contains("had to be killed", (await disposal.Within()).Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task File_LeftBesideTheLaunchDirectory_IsFoundAndRemoved(PluginWay way)
    {
        PluginHarnessOptions? used = null;
        var harness = await PluginHarness.StartAsync<EchoPlugin>(way, options => used = options, Token);
        var file = Path.Combine(used!.Host.LaunchDirectoryRoot!, "left.txt");
        await File.WriteAllTextAsync(file, "left", Token);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains($"'{file}' is left on disk", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(used.Host.LaunchDirectoryRoot));
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task File_LeftInTheLaunchDirectory_IsFoundAndRemoved(PluginWay way)
    {
        PluginHarnessOptions? used = null;
        var harness = await PluginHarness.StartAsync<EchoPlugin>(way, options => used = options, Token);
        var launchDirectory = Assert.Single(Directory.GetDirectories(used!.Host.LaunchDirectoryRoot!));
        await File.WriteAllTextAsync(Path.Combine(launchDirectory, "left.txt"), "left", Token);

        var failure = await Failure.OfDisposalAsync(harness);

        Assert.Contains($"the plugin has left '{Path.Combine(launchDirectory, "left.txt")}' in its launch directory", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(launchDirectory));
    }

    [Theory, PluginWays]
    public async Task FileHandle_LeftOpenInTheLaunchDirectory_IsFound(PluginWay way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are seen on Linux.");
        PluginHarnessOptions? used = null;
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, options => used = options, Token).Within();
        var path = Path.Combine(Assert.Single(Directory.GetDirectories(used!.Host.LaunchDirectoryRoot!)), "open.txt");
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.None });
        File.Delete(path);

        Assert.Contains($"the file '{path} (deleted)' is still open in the test's process", (await Failure.OfDisposalAsync(harness)).Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays]
    public async Task Socket_LeftOpenInTheLaunchDirectory_IsFound(PluginWay way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sockets are seen on Linux.");
        PluginHarnessOptions? used = null;
        var harness = await PluginHarness.StartAsync<SamplePlugin>(way, options => used = options, Token).Within();
        var path = Path.Combine(used!.Host.LaunchDirectoryRoot!, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.Delete(path);

        Assert.Contains($"the socket '{path}' is still open", (await Failure.OfDisposalAsync(harness)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twice_TheSecondWaitsForTheFirstAndIsSilent()
    {
        var harness = await PluginHarness.StartAsync<SamplePlugin>(cancellationToken: Token);
        var call = BeginToWait(harness);

        var first = harness.DisposeAsync().AsTask();
        await harness.DisposeAsync().AsTask().Within();

        Assert.True(first.IsFaulted);
        await Assert.ThrowsAsync<ExpectationException>(() => first);
        await Assert.ThrowsAnyAsync<Exception>(() => call.Within());
    }

    private static Task<Note> BeginToWait(PluginHarness harness) => harness.GetContract<ISample>().UnaryAsync(new Note { Hold = true }, cancellationToken: Token).AsTask();

    private static void Impatient(PluginHarnessOptions options)
    {
        options.Host.DrainTimeout = TimeSpan.FromMilliseconds(200);
        options.Host.TerminateTimeout = TimeSpan.FromMilliseconds(200);
    }

    private sealed class Deaf : IEcho
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
        {
            Called.SetResult();
            await Release.Task;
            return request;
        }
    }
}
