using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plugwire.Testing;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Serving;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Tests.Running;

/// <summary>A whole run but for the process around it.</summary>
public sealed class PluginRunTests : IDisposable
{
    // What a hosted service gets when those before it have spent the time of all.
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeLaunch _launch = new();
    private readonly Journal _journal = new();

    public PluginRunTests() => _launch[LaunchVariables.SocketDirectory] = _directory.Path;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_FromHandshakeToShutdown_EndsWithZeroAndLeavesNothing()
    {
        await using var application = Build();
        var run = application.RunAsync(Token);
        var fields = (await _launch.Handshake.Within()).TrimEnd('\n').Split('|');
        Assert.Equal(["1", "1", "unix", fields[3], "grpc", ""], fields);
        Assert.Equal(_directory.Path, Path.GetDirectoryName(fields[3]));

        await using (var connection = await ConnectAsync(fields[3]))
        {
            var echo = await new Echo.EchoClient(connection.CallInvoker).UnaryAsync(new Text { Value = "a" }, cancellationToken: Token).ResponseAsync.Within();
            Assert.Equal("a 1", echo.Value);
            await new GRPCController.GRPCControllerClient(connection.CallInvoker).ShutdownAsync(new Empty(), cancellationToken: Token).ResponseAsync.Within();
            Assert.Equal(0, await run.Within());
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Console_LeftAlone_HasEndedForAHostThatReadsIt()
    {
        await using var application = Build();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = application.RunAsync(cancel.Token);
        var fields = (await _launch.Handshake.Within()).TrimEnd('\n').Split('|');

        await using (var connection = await ConnectAsync(fields[3]))
        {
            using var console = new GRPCStdio.GRPCStdioClient(connection.CallInvoker).StreamStdio(new Google.Protobuf.WellKnownTypes.Empty(), cancellationToken: Token);
            Assert.False(await console.ResponseStream.MoveNext(Token).Within());
        }

        await cancel.CancelAsync();
        Assert.Equal(0, await run.Within());
    }

    [Fact]
    public async Task Run_Cancelled_EndsWithZero()
    {
        await using var application = Build();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = application.RunAsync(cancel.Token);
        await _launch.Handshake.Within();

        await cancel.CancelAsync();

        Assert.Equal(0, await run.Within());
    }

    [Fact]
    public async Task Run_Disposed_EndsWithZero()
    {
        var application = Build();
        var run = application.RunAsync(Token);
        await _launch.Handshake.Within();

        await application.DisposeAsync().AsTask().Within();

        Assert.Equal(0, await run.Within());
        await application.DisposeAsync().AsTask().Within();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Run_WithoutTheCookie_TellsAPersonAndEndsWithOne(string? cookie)
    {
        _launch.Unset(LaunchVariables.DefaultCookieKey);
        if (cookie is not null)
            _launch[LaunchVariables.DefaultCookieKey] = cookie;
        await using var application = Build();

        Assert.Equal(1, await application.RunAsync(Token).Within());

        Assert.Contains("This program is a plugin", _launch.Told, StringComparison.Ordinal);
        Assert.Contains(LaunchVariables.DefaultCookieKey, _launch.Told, StringComparison.Ordinal);
        Assert.False(_launch.Handshake.IsCompleted);
        Assert.Empty(_journal.Entries);
    }

    [Theory]
    [InlineData("1,2,3", "2")]
    [InlineData("3,1", "1")]
    [InlineData("7,8", "1")]
    [InlineData("", "1")]
    [InlineData("x,2", "2")]
    public async Task Run_WithTheHostsVersions_OffersTheHighestSharedOrItsLowest(string offered, string chosen)
    {
        _launch[LaunchVariables.ProtocolVersions] = offered;
        await using var application = Build(builder => builder.Options.ProtocolVersions = [2, 1]);
        var run = application.RunAsync(Token);

        var fields = (await _launch.Handshake.Within()).Split('|');
        await application.DisposeAsync();

        Assert.Equal(chosen, fields[1]);
        Assert.Equal(offered.Contains('x', StringComparison.Ordinal), _launch.Told.Contains("'x'", StringComparison.Ordinal));
        Assert.Equal(0, await run.Within());
    }

    [Fact]
    public async Task Run_AskedForMultiplexing_SaysFalseInTheSeventhField()
    {
        _launch[LaunchVariables.Multiplex] = "true";
        await using var application = Build();
        var run = application.RunAsync(Token);

        Assert.EndsWith("|grpc||false\n", await _launch.Handshake.Within(), StringComparison.Ordinal);
        await application.DisposeAsync();
        Assert.Equal(0, await run.Within());
    }

    [Fact]
    public async Task Run_AskedForMutualTls_IsRefusedWithOne()
    {
        _launch[LaunchVariables.ClientCertificate] = "-----BEGIN CERTIFICATE-----";
        await using var application = Build();

        Assert.Equal(1, await application.RunAsync(Token).Within());
        Assert.Contains("AutoMTLS", _launch.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithASocketPathBeyondTheLimit_EndsWithASentence()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_directory.Path, new string('d', 100))).FullName;
        _launch[LaunchVariables.SocketDirectory] = deep;
        await using var application = Build();

        Assert.NotEqual(0, await application.RunAsync(Token).Within());
        Assert.Contains(deep, _launch.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAHostedServiceThatFailsToStart_EndsWithTwoAndStopsTheOthers()
    {
        await using var application = Build(builder =>
        {
            builder.Services.AddSingleton<IHostedService>(new Hosted(_journal, "first"));
            builder.Services.AddSingleton<IHostedService>(new Hosted(_journal, "second", fails: true));
            builder.Services.AddSingleton<IHostedService>(new Hosted(_journal, "third"));
        });

        Assert.Equal(2, await application.RunAsync(Token).Within());

        Assert.Contains("as told", _launch.Told, StringComparison.Ordinal);
        Assert.False(_launch.Handshake.IsCompleted);
        Assert.Equal(["start first", "start second", "stop second", "stop first"], _journal.Entries);
    }

    [Fact]
    public async Task Run_WithABackgroundServiceThatFails_EndsWithThree()
    {
        await using var application = Build(builder => builder.Services.AddHostedService<Failing>());

        Assert.Equal(3, await application.RunAsync(Token).Within());
    }

    [Fact]
    public async Task Run_StoppedWhileAHostedServiceStarts_EndsWithoutAHandshake()
    {
        var waiting = new Waiting();
        await using var application = Build(builder => builder.Services.AddSingleton<IHostedService>(waiting));
        var run = application.RunAsync(Token);
        await waiting.Entered.Within();

        application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(0, await run.Within());
        Assert.False(_launch.Handshake.IsCompleted);
    }

    [Fact]
    public async Task Run_WithAHostedServiceThatNeverStops_LeavesItBehindInTime()
    {
        var time = new ManualClock();
        var deaf = new Deaf();
        await using var application = Build(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddSingleton<IHostedService>(deaf);
        });
        var run = application.RunAsync(Token);
        await _launch.Handshake.Within();
        application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await deaf.Stopping.Within();

        // The budget, then the moment that is left to who has heard of its end.
        await time.AdvanceToNextTimerAsync(Token);
        await time.WaitForTimerAsync(LastMoment, cancellationToken: Token);
        await time.AdvanceAsync(LastMoment, Token);

        Assert.Equal(0, await run.Within());
        Assert.Contains("HostedServiceLate", _launch.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAHostedServiceThatBlocksItsStop_LeavesItBehindInTime()
    {
        var time = new ManualClock();
        using var blocking = new Blocking();
        await using var application = Build(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddSingleton<IHostedService>(blocking);
        });
        var run = application.RunAsync(Token);
        await _launch.Handshake.Within();
        application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await blocking.Stopping.Within();

        // The budget, then the moment that is left to who has heard of its end.
        await time.AdvanceToNextTimerAsync(Token);
        await time.WaitForTimerAsync(LastMoment, cancellationToken: Token);
        await time.AdvanceAsync(LastMoment, Token);

        Assert.Equal(0, await run.Within());
        Assert.Contains("HostedServiceLate", _launch.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Twice_IsRefused()
    {
        await using var application = Build();
        var run = application.RunAsync(Token);

        Assert.Throws<InvalidOperationException>(() => { _ = application.RunAsync(Token); });

        await application.DisposeAsync();
        await run.Within();
    }

    [Fact]
    public async Task Lifetime_OverARun_FiresItsTokensInOrder()
    {
        await using var application = Build();
        var lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        var started = new TaskCompletionSource();
        lifetime.ApplicationStarted.Register(started.SetResult);
        lifetime.ApplicationStopping.Register(() => throw new InvalidOperationException("as told"));
        lifetime.ApplicationStopping.Register(() => _journal.Add("stopping"));
        lifetime.ApplicationStopped.Register(() => _journal.Add("stopped"));
        var run = application.RunAsync(Token);
        await started.Task.Within();

        lifetime.StopApplication();

        Assert.Equal(0, await run.Within());
        Assert.Equal(["stopping", "stopped"], _journal.Entries);
        Assert.Contains("LifetimeCallbackFailed", _launch.Log, StringComparison.Ordinal);
    }

    private static async Task<RpcClientConnection> ConnectAsync(string path) =>
        await RpcClientConnection.ConnectAsync(await UnixSocketConnector.ConnectAsync(path, Token), new RpcClientOptions(), Token).Within();

    private PluginApplication Build(Action<PluginApplicationBuilder>? configure = null)
    {
        var builder = _launch.CreateBuilder();
        builder.Services.AddSingleton(_journal);
        builder.AddService<EchoService>();
        configure?.Invoke(builder);
        return builder.Build();
    }

    private sealed class Hosted(Journal journal, string name, bool fails = false) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            journal.Add("start " + name);
            return fails ? throw new InvalidOperationException("as told") : Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            journal.Add("stop " + name);
            return Task.CompletedTask;
        }
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("as told");
        }
    }

    private sealed class Waiting : IHostedService
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _entered.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Deaf : IHostedService
    {
        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopping => _stopping.Task;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _stopping.SetResult();
            return new TaskCompletionSource().Task;
        }
    }

    private sealed class Blocking : IHostedService, IDisposable
    {
        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _over = new();

        public Task Stopping => _stopping.Task;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _stopping.SetResult();
            _over.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }

        public void Dispose() => _over.Set();
    }
}
