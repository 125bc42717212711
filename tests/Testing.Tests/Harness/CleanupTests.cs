using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plugwire.TestPlugins.Shouting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>A disposal is a check: each thing that may be left behind fails it.</summary>
public sealed class CleanupTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private PluginHarnessOptions? _options;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => _options!.Host.LaunchDirectoryRoot!;

    [Theory, PluginWays]
    public async Task Plugin_ThatLeavesNothing_Passes(PluginWay way)
    {
        var harness = await PluginHarness.StartAsync<ShoutingPlugin>(way, Remember, Token).Within();
        await harness.GetContract<IEcho>().UnaryAsync(Of("a"), cancellationToken: Token);

        await harness.DisposeAsync().AsTask().Within();
        await harness.DisposeAsync().AsTask().Within();

        Assert.False(Directory.Exists(Root));
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Call_LeftOpen_IsNamedWithItsPlace(PluginWay way)
    {
        var harness = await StartAsync(way, Patient(new WaitingEcho()));
        using var call = harness.CreateClient<Echo.EchoClient>().Repeat(Of("a"), cancellationToken: Token);
        await call.ResponseHeadersAsync.Within();

        await FailsAsync(harness, "the call /plugwire.tests.echo.v1.Echo/Repeat is still open; it was begun here", nameof(Call_LeftOpen_IsNamedWithItsPlace));
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Handler_ThatHeedsNoToken_IsCounted(PluginWay way)
    {
        var handler = new WaitingEcho { IsDeaf = true };
        var harness = await StartAsync(way, Patient(handler));
        using (harness.CreateClient<Echo.EchoClient>().Repeat(Of("a"), cancellationToken: Token))
            await handler.Called.Within();

        await FailsAsync(harness, "1 of the plugin's handlers still run: they heed neither their token nor the end of their call");
        handler.LetGo();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Plugin_WhoseStopHangs_HasToBeKilledWithinTheBudgets(PluginWay way)
    {
        var hanging = new HangingService();
        var harness = await StartAsync(way, plugin => plugin.Services.AddSingleton<IHostedService>(hanging));

        await FailsAsync(harness, "had to be killed", "the plugin's run has not ended within 0.2 s of its stop: a handler, a hosted service or a disposal of it hangs");
        hanging.LetGo();
    }

    [Fact]
    public async Task File_LeftOnDisk_IsNamed()
    {
        var harness = await StartAsync(PluginWay.Memory, _ => { });
        var file = Path.Combine(Root, "left.txt");
        await File.WriteAllTextAsync(file, "", Token);

        await FailsAsync(harness, $"'{file}' is left on disk");
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task File_LeftOpen_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are seen on Linux.");
        var harness = await StartAsync(PluginWay.Memory, _ => { });
        var file = Path.Combine(Root, "open.txt");
        await using var open = File.Create(file);
        File.Delete(file);

        await FailsAsync(harness, $"the file '{file} (deleted)' is still open in the test's process");
    }

    [Fact]
    public async Task Socket_LeftBound_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Bound sockets are seen on Linux.");
        var harness = await StartAsync(PluginWay.Memory, _ => { });
        var path = Path.Combine(Root, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        await FailsAsync(harness, $"the socket '{path}' is still bound");
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Error_ThatThePluginLogs_FailsUnlessItIsAllowed(PluginWay way)
    {
        var broken = await StartAsync(way, plugin => plugin.AddContract<IEcho, LoggingEcho>());
        await broken.GetContract<IEcho>().UnaryAsync(Of("no luck"), cancellationToken: Token);
        await FailsAsync(broken, "an error was logged that the test has not allowed", "this went wrong: no luck");

        var allowed = await StartAsync(way, plugin => plugin.AddContract<IEcho, LoggingEcho>());
        allowed.Logs.AllowErrors(record => record.HasValue("What", "no luck"));
        await allowed.GetContract<IEcho>().UnaryAsync(Of("no luck"), cancellationToken: Token);
        await allowed.DisposeAsync();
    }

    [Fact]
    public async Task Body_ThatFails_IsToldBesideWhatIsLeft()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(async () =>
        {
            await using var harness = await StartAsync(PluginWay.Memory, _ => { });
            await File.WriteAllTextAsync(Path.Combine(Root, "left.txt"), "", Token);
            throw new InvalidDataException("the body's own failure");
        });

        Assert.IsType<InvalidDataException>(failure.InnerException);
        Assert.Contains("the body's own failure", failure.Message, StringComparison.Ordinal);
        Assert.Contains("left.txt", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatFailsAndLeavesNothing_IsWhatTheTestSees()
    {
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await using var harness = await StartAsync(PluginWay.Memory, _ => { });
            throw new InvalidDataException("the body's own failure");
        });
    }

    private static Text Of(string value) => new() { Value = value };

    private static Action<IPluginBuilder> Patient(IEcho handler) => plugin => plugin.AddContract(handler);

    private static async Task FailsAsync(PluginHarness harness, params string[] sentences)
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within());
        Assert.All(sentences, sentence => Assert.Contains(sentence, failure.Message, StringComparison.Ordinal));

        // The first result counts: a second disposal is no second chance.
        Assert.Same(failure, await Assert.ThrowsAsync<ExpectationException>(() => harness.DisposeAsync().AsTask().Within()));
    }

    private void Remember(PluginHarnessOptions options) => _options = options;

    private Task<PluginHarness> StartAsync(PluginWay way, Action<IPluginBuilder> plugin) => PluginHarness.StartAsync(
        plugin,
        way,
        options =>
        {
            Remember(options);
            (options.Host.DrainTimeout, options.Host.TerminateTimeout, options.Host.KillTimeout, options.StopLimit) = (Short, Short, Short, Short);
        },
        Token).Within();

    private sealed class HangingService : IHostedService
    {
        private readonly TaskCompletionSource _letGo = new();

        public void LetGo() => _letGo.SetResult();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => _letGo.Task;
    }

    private sealed class WaitingEcho : IEcho
    {
        private readonly TaskCompletionSource _called = new();
        private readonly TaskCompletionSource _letGo = new();

        public bool IsDeaf { get; init; }

        public Task Called => _called.Task;

        public void LetGo() => _letGo.SetResult();

        public async IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return request;
            _called.TrySetResult();
            await _letGo.Task.WaitAsync(IsDeaf ? CancellationToken.None : cancellationToken);
        }
    }
}
