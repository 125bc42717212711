using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Serving;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;
using static Plugwire.Wire.Services.Health.HealthCheckResponse.Types;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using WireLogLevel = Plugwire.Wire.Services.Control.LogLevel;

namespace Plugwire.Tests.Running;

public sealed class PluginServerTests
{
    private static readonly TimeSpan LongDrain = TimeSpan.FromMinutes(1);

    private readonly FakeLaunch _launch = new();
    private readonly Journal _journal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AuthorsService_OverTheWire_AnswersInAScopePerCall()
    {
        await using var plugin = await StartAsync();
        var client = new Echo.EchoClient(plugin.Invoker);

        Assert.Equal("a 1", (await client.UnaryAsync(new Text { Value = "a" }, cancellationToken: Token).ResponseAsync.Within()).Value);
        Assert.Equal("b 2", (await client.UnaryAsync(new Text { Value = "b" }, cancellationToken: Token).ResponseAsync.Within()).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plugin")]
    [InlineData("plugwire.tests.echo.v1.Echo")]
    public async Task Health_OfAKnownService_IsServing(string service)
    {
        await using var plugin = await StartAsync();

        var answer = await new Health.HealthClient(plugin.Invoker).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token).ResponseAsync.Within();

        Assert.Equal(ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Health_OfAnUnknownService_IsNotFoundByName()
    {
        await using var plugin = await StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Health.HealthClient(plugin.Invoker).CheckAsync(new HealthCheckRequest { Service = "no.such" }, cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Contains("no.such", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthWatch_WhenThePluginStops_TellsNotServingAndEnds()
    {
        await using var plugin = await StartAsync();
        using var watch = new Health.HealthClient(plugin.Invoker).Watch(new HealthCheckRequest { Service = "plugin" }, cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var stop = plugin.StopAsync(LongDrain);

        Assert.True(await watch.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(Token).Within());
        await stop.Within();
    }

    [Fact]
    public async Task HealthWatch_OfAnUnknownService_TellsThatAndStaysOpen()
    {
        await using var plugin = await StartAsync();
        using var watch = new Health.HealthClient(plugin.Invoker).Watch(new HealthCheckRequest { Service = "no.such" }, cancellationToken: Token);

        Assert.True(await watch.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task Shutdown_OverTheWire_IsAnsweredAndAsksForTheStop()
    {
        await using var plugin = await StartAsync();

        await new GRPCController.GRPCControllerClient(plugin.Invoker).ShutdownAsync(new Plugwire.Wire.Services.GoPlugin.Empty(), cancellationToken: Token).ResponseAsync.Within();

        await plugin.Lifetime.StopRequested.Within();
    }

    [Fact]
    public async Task StreamStdio_FromTheFirstByte_GivesAllAndEndsWithTheStop()
    {
        await using var plugin = await StartAsync();
        plugin.Output.TryWrite("before "u8);
        using var stdio = new GRPCStdio.GRPCStdioClient(plugin.Invoker).StreamStdio(new Google.Protobuf.WellKnownTypes.Empty(), cancellationToken: Token);
        Assert.Equal("before ", await ReadAsync(stdio));

        plugin.Output.TryWrite("after"u8);
        Assert.Equal("after", await ReadAsync(stdio));

        var stop = plugin.StopAsync(LongDrain);
        Assert.False(await stdio.ResponseStream.MoveNext(Token).Within());
        await stop.Within();
    }

    [Fact]
    public async Task StreamStdio_SecondCall_GoesOnWhereTheFirstWasCancelled()
    {
        await using var plugin = await StartAsync();
        var client = new GRPCStdio.GRPCStdioClient(plugin.Invoker);
        plugin.Output.TryWrite("one"u8);
        using (var first = client.StreamStdio(new Google.Protobuf.WellKnownTypes.Empty(), cancellationToken: Token))
            Assert.Equal("one", await ReadAsync(first));

        using var second = client.StreamStdio(new Google.Protobuf.WellKnownTypes.Empty(), cancellationToken: Token);
        await second.ResponseHeadersAsync.Within();
        plugin.Output.TryWrite("two"u8);

        Assert.Equal("two", await ReadAsync(second));
    }

    [Fact]
    public async Task SetLogLevel_OverTheWire_ChangesLoggersThatExist()
    {
        await using var plugin = await StartAsync();
        var logger = plugin.Services.GetRequiredService<ILogger<PluginServerTests>>();
        var control = new Wire.Services.Control.Control.ControlClient(plugin.Invoker);
        Assert.False(logger.IsEnabled(LogLevel.Trace));

        await control.SetLogLevelAsync(new SetLogLevelRequest { Minimum = WireLogLevel.Trace }, cancellationToken: Token).ResponseAsync.Within();
        Assert.True(logger.IsEnabled(LogLevel.Trace));

        await control.SetLogLevelAsync(new SetLogLevelRequest { Minimum = WireLogLevel.Critical }, cancellationToken: Token).ResponseAsync.Within();
        Assert.True(logger.IsEnabled(LogLevel.Critical));
        Assert.False(logger.IsEnabled(LogLevel.Error));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(-1)]
    public async Task SetLogLevel_ToNone_OfTheLevels_IsInvalidArgument(int level)
    {
        await using var plugin = await StartAsync();
        var control = new Wire.Services.Control.Control.ControlClient(plugin.Invoker);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => control.SetLogLevelAsync(new SetLogLevelRequest { Minimum = (WireLogLevel)level }, cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task Stop_WithARunningCall_WaitsForItWithinTheDrain()
    {
        await using var plugin = await StartAsync();
        using var call = new Echo.EchoClient(plugin.Invoker).Collect(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new Text { Value = "a" }, Token).Within();
        await new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();

        var stop = plugin.StopAsync(LongDrain);
        Assert.False(stop.IsCompleted);
        await call.RequestStream.CompleteAsync().Within();

        Assert.Equal("a", (await call.ResponseAsync.Within()).Value);
        await stop.Within();
    }

    [Fact]
    public async Task Stop_Hurried_CutsTheCallsAndSaysSo()
    {
        await using var plugin = await StartAsync();
        using var call = new Echo.EchoClient(plugin.Invoker).Collect(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new Text { Value = "a" }, Token).Within();
        await new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();
        var hurry = new TaskCompletionSource();

        var stop = plugin.StopAsync(LongDrain, hurry.Task);
        hurry.SetResult();
        await stop.Within();

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Within());
        Assert.Contains("\"event_name\":\"CallsCut\"", _launch.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostedServices_AroundTheServing_AreStartedBeforeAndStoppedAfter()
    {
        await using var plugin = await StartAsync(builder =>
        {
            builder.Services.AddHostedService<NotingService>();
            builder.Services.AddSingleton<EchoService>();
        });
        await new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();
        using var stopping = plugin.Lifetime.ApplicationStopping.Register(() => _journal.Add("stopping"));

        await plugin.StopAsync(LongDrain).Within();

        Assert.Equal(["hosted started", "made 1", "unary 1", "stopping", "hosted stopped"], _journal.Entries);
    }

    [Fact]
    public async Task BackgroundService_ThatFails_IsLoggedAndReported()
    {
        await using var plugin = await StartAsync(builder => builder.Services.AddHostedService<FailingService>());

        var failure = await plugin.Server.Failed.Within();

        Assert.Equal("as told", failure.Message);
        Assert.Contains("\"@critical\":true", _launch.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interceptors_OnCallsOfTheHostToTheSdk_AreNotAsked()
    {
        await using var plugin = await StartAsync(builder => builder.AddInterceptor<RefusingInterceptor>());

        await new Health.HealthClient(plugin.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: Token).ResponseAsync.Within();
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Echo.EchoClient(plugin.Invoker).UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    private static async Task<string> ReadAsync(AsyncServerStreamingCall<StdioData> stdio)
    {
        Assert.True(await stdio.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StdioData.Types.Channel.Stdout, stdio.ResponseStream.Current.Channel);
        return stdio.ResponseStream.Current.Data.ToStringUtf8();
    }

    private Task<ServedPlugin> StartAsync(Action<PluginApplicationBuilder>? configure = null) => ServedPlugin.StartAsync(_launch, builder =>
    {
        builder.Services.AddSingleton(_journal);
        builder.AddService<EchoService>();
        configure?.Invoke(builder);
    });

    private sealed class NotingService(Journal journal) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            journal.Add("hosted started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            journal.Add("hosted stopped");
            return Task.CompletedTask;
        }
    }

    private sealed class FailingService : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("as told");
        }
    }

    private sealed class RefusingInterceptor : Grpc.Core.Interceptors.Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
    }
}
