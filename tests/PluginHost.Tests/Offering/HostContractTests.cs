using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Tests.Contract;
using Plugwire.Wire.Services.Control;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Plugwire.Hosting.Tests.Offering;

/// <summary>A host that offers contracts, and plugins that take them or not.</summary>
public sealed class HostContractTests
{
    private static readonly TimeSpan Limit = Shell.Limit;

    private readonly FakeLogCollector _logs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_ThatTakesTheConnection_CallsTheHost()
    {
        await using var served = Serve();
        await using var called = new CalledHost(served);
        await using var plugin = await served.StartAsync();

        using var call = new Echo.EchoClient((await called.Connection).CallInvoker).UnaryAsync(new Text { Value = "hello" }, cancellationToken: Token);

        Assert.Equal("plugin:fake says hello", (await call.ResponseAsync.WaitAsync(Limit, Token)).Value);
        Assert.Equal(["plugwire.tests.echo.v1.Echo"], called.Services);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plugin_ThatKnowsNoSuchConnection_StartsAllTheSame(bool isAPlugwirePlugin)
    {
        await using var served = Serve(isAPlugwirePlugin);

        await using var plugin = await served.StartAsync();

        Assert.True(await plugin.CheckHealthAsync(Token).WaitAsync(Limit, Token));
        var record = Assert.Single(_logs.GetSnapshot(), record => record.Message.Contains("no calls back", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, record.Level);
    }

    [Fact]
    public async Task Host_ThatOffersNothing_AsksForNoConnection()
    {
        await using var served = new ServedPlugin();
        served.OnOpenHostConnection = _ => throw new InvalidOperationException("Nobody was to ask.");

        await using var plugin = await served.StartAsync();

        Assert.True(await plugin.CheckHealthAsync(Token).WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Plugin_ThatClosesTheConnection_DoesNotStart()
    {
        await using var served = Serve();
        await using var called = new CalledHost(served, takes: false);

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
        Assert.Contains("did not take the connection for calls back", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_WhoseTokenHasAnotherLength_DoesNotStart()
    {
        await using var served = Serve();
        served.OnOpenHostConnection = _ => new OpenHostConnectionResponse { Token = ByteString.CopyFrom(new byte[31]) };

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
        Assert.Contains("a token of 31 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatRefusesTheAnnouncement_DoesNotStartAndIsQuoted()
    {
        await using var served = Serve();
        served.OnOpenHostConnection = _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "not today"));

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
        Assert.Contains("FailedPrecondition: not today", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatLosesTheConnectionAlone_IsEndedAsDisconnected()
    {
        var contract = new Greeting();
        await using var served = Serve(contract: contract);
        await using var called = new CalledHost(served);
        var plugin = await served.StartAsync();
        var connection = await called.Connection;
        using var call = new Echo.EchoClient(connection.CallInvoker).UnaryAsync(new Text { Value = "hold" }, cancellationToken: Token);
        await contract.Reached.WaitAsync(Limit, Token);

        await connection.DisposeAsync().AsTask().WaitAsync(Limit, Token);

        await contract.Cancelled.WaitAsync(Limit, Token);
        var exit = await plugin.Completion.WaitAsync(Limit, Token);
        Assert.Equal(PluginExitReason.Disconnected, exit.Reason);
        Assert.Contains(_logs.GetSnapshot(), record => record.Level == LogLevel.Error && record.Message.Contains("was lost, though its process runs", StringComparison.Ordinal));
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_ThatEnds_HasItsConnectionClosed()
    {
        var contract = new Greeting();
        await using var served = Serve(contract: contract);
        await using var called = new CalledHost(served);
        var plugin = await served.StartAsync();
        var connection = await called.Connection;
        using var call = new Echo.EchoClient(connection.CallInvoker).UnaryAsync(new Text { Value = "hold" }, cancellationToken: Token);
        await contract.Reached.WaitAsync(Limit, Token);

        await plugin.DisposeAsync().AsTask().WaitAsync(Limit, Token);

        await contract.Cancelled.WaitAsync(Limit, Token);
        await connection.Closed.WaitAsync(Limit, Token);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public void Contract_OfferedTwice_IsRefusedByItsName()
    {
        var options = new PluginOptions("plugin").AddHostContract<IEcho>(new Greeting());

        var failure = Assert.Throws<InvalidOperationException>(() => options.AddHostContract<IEcho>(new Greeting()));

        Assert.Contains("'plugwire.tests.echo.v1.Echo'", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => options.AddHostContract<IEcho>(null!));
    }

    [Fact]
    public void Contracts_OfOptionsThatWereCopied_AreThoseOfThatTime()
    {
        var options = new PluginOptions("plugin");
        var before = options.Copy();
        options.AddHostContract<IEcho>(new Greeting());

        Assert.Empty(before.HostContracts);
        Assert.Single(options.Copy().HostContracts);
    }

    [Fact]
    public void Contract_OfAnApplication_IsInTheOptionsOfThePluginsThatItIsFor()
    {
        var services = new ServiceCollection();
        services.AddPluginHost()
            .AddPlugin("one", options => options.FileName = "/plugins/one")
            .AddHostContract<IEcho, Greeting>("one")
            .AddPlugin("two", options => options.FileName = "/plugins/two");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<PluginOptions>>();

        Assert.Single(options.Get("one").HostContracts);
        Assert.Empty(options.Get("two").HostContracts);
    }

    private ServedPlugin Serve(bool isAPlugwirePlugin = true, IEcho? contract = null)
    {
        var served = new ServedPlugin(isAPlugwirePlugin: isAPlugwirePlugin);
        served.Options.AddHostContract(contract ?? new Greeting());
        served.Options.LoggerFactory = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            logging.Services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(_logs));
        });
        return served;
    }

    private sealed class Greeting : IEcho
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Task Cancelled => _cancelled.Task;

        public async ValueTask<Text> UnaryAsync(Text request, CallContext call, CancellationToken cancellationToken)
        {
            if (request.Value != "hold")
                return new Text { Value = $"{call.Peer} says {request.Value}" };

            _reached.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                _cancelled.TrySetResult();
            }

            return request;
        }
    }
}
