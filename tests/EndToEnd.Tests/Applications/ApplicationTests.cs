using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Applications;

/// <summary>Plugins of an application with dependency injection.</summary>
public sealed class ApplicationTests : PluginTest
{
    [Fact]
    public async Task KeyedClient_FirstCalled_StartsItsPlugin()
    {
        using var application = Build(host => host.AddPlugin("faulty", Configure).AddClient<Kinds.KindsClient>("faulty"));
        await application.StartAsync(TestContext.Current.CancellationToken).Within();
        var client = application.Services.GetRequiredKeyedService<Kinds.KindsClient>("faulty");
        Root.AssertNothingIsLeft();

        Assert.Equal("first", (await client.UnaryAsync(new Note { Text = "first" }).ResponseAsync.Within()).Text);
        var plugin = await application.Services.GetRequiredService<PluginHost>().GetAsync("faulty", TestContext.Current.CancellationToken).Within();
        Assert.Equal("second", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "second" }).ResponseAsync.Within()).Text);
        await application.StopAsync(TestContext.Current.CancellationToken).Within();

        var exit = await plugin.Completion.Within();
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0, "faulty"), (exit.Reason, exit.StopStep, exit.ExitCode, exit.PluginName));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task KeyedClient_CalledInEveryKindAtOnce_SharesOneStart()
    {
        using var application = Build(host => host.AddPlugin("faulty", Configure).AddClient<Kinds.KindsClient>("faulty"));
        await application.StartAsync(TestContext.Current.CancellationToken).Within();
        var client = application.Services.GetRequiredKeyedService<Kinds.KindsClient>("faulty");

        using var unary = client.UnaryAsync(new Note { Text = "unary" });
        using var clientStream = client.ClientStream();
        using var serverStream = client.ServerStream(new Note { Number = 1 });
        using var duplex = client.Duplex();
        await clientStream.RequestStream.WriteAsync(new Note { Number = 2 }, TestContext.Current.CancellationToken).Within();
        await clientStream.RequestStream.CompleteAsync().Within();
        await duplex.RequestStream.WriteAsync(new Note { Text = "duplex" }, TestContext.Current.CancellationToken).Within();

        Assert.Equal("unary", (await unary.ResponseAsync.Within()).Text);
        Assert.Equal(2, (await clientStream.ResponseAsync.Within()).Number);
        Assert.True(await serverStream.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        Assert.True(await duplex.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        Assert.Equal("duplex", duplex.ResponseStream.Current.Text);
        Assert.Single(Log.Records, entry => entry.EventId.Id == 1 && entry.Message.Contains("serves protocol version", StringComparison.Ordinal));
        await duplex.RequestStream.CompleteAsync().Within();
        await application.StopAsync(TestContext.Current.CancellationToken).Within();
    }

    [Fact]
    public async Task Plugin_OfTheConfiguration_StartsWithTheApplicationAndHasWhatStandsThere()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Plugins:Faulty:FileName"] = TestPrograms.Faulty,
            ["Plugins:Faulty:Arguments:0"] = "--one=1",
            ["Plugins:Faulty:WorkingDirectory"] = "/usr",
            ["Plugins:Faulty:Environment:E2E_OWN"] = "own",
            ["Plugins:Faulty:Settings:Depth"] = "3",
            ["Plugins:Faulty:Settings:Names:0"] = "a",
            ["Plugins:Faulty:StartTimeout"] = "00:01:30",
            ["Plugins:Faulty:ConnectTimeout"] = "00:01:00",
            ["Plugins:Faulty:DrainTimeout"] = "00:00:30",
            ["Plugins:Faulty:LaunchDirectoryRoot"] = Root.Path,
            ["Plugins:Faulty:Startup"] = "WithTheApplication",
        }).Build();
        using var application = Build(host => host.AddPlugin("faulty", configuration.GetSection("Plugins:Faulty")).AddClient<Faults.FaultsClient>("faulty"));

        await application.StartAsync(TestContext.Current.CancellationToken).Within();

        Assert.Single(Log.Records, entry => entry.Message.Contains("Plugin 'faulty' (process ", StringComparison.Ordinal));
        var description = await application.Services.GetRequiredKeyedService<Faults.FaultsClient>("faulty").DescribeAsync(new DescribeRequest()).ResponseAsync.Within();
        Assert.Equal(["--one=1"], description.Arguments);
        Assert.Equal(("/usr", "own", "3", "a"), (
            description.WorkingDirectory, description.Environment["E2E_OWN"], description.Configuration["Depth"], description.Configuration["Names:0"]));
        await application.StopAsync(TestContext.Current.CancellationToken).Within();
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Call_WhosePluginDoesNotStart_IsUnavailableAndSaysWhy()
    {
        using var application = Build(host => host
            .AddPlugin("broken", options =>
            {
                Configure(options);
                options.Arguments.Add("--at=before-handshake");
                options.Arguments.Add("--do=throw:there is no licence");
            })
            .AddClient<Kinds.KindsClient>("broken"));
        await application.StartAsync(TestContext.Current.CancellationToken).Within();

        var failure = await Assert.ThrowsAsync<PluginCallException>(
            () => application.Services.GetRequiredKeyedService<Kinds.KindsClient>("broken").UnaryAsync(new Note()).ResponseAsync.Within());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("Plugin 'broken' did not start", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("there is no licence", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(PluginStartReason.ExitedEarly, Assert.IsType<PluginStartException>(failure.Status.DebugException).Reason);
        await application.StopAsync(TestContext.Current.CancellationToken).Within();
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Application_WhosePluginMustStartAndDoesNot_DoesNotStart()
    {
        using var application = Build(host => host.AddPlugin("broken", options =>
        {
            Configure(options);
            options.Startup = PluginStartup.WithTheApplication;
            options.Arguments.Add("--at=before-handshake");
            options.Arguments.Add("--do=exit:5");
        }));

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => application.StartAsync(TestContext.Current.CancellationToken).Within());

        Assert.Equal(("broken", 5), (failure.PluginName, failure.ExitCode));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_ThatCrashed_IsStartedAgainByItselfForAllWhoHaveIt()
    {
        using var application = Build(host => host.AddPlugin("faulty", Configure).AddClient<Kinds.KindsClient>("faulty"));
        await application.StartAsync(TestContext.Current.CancellationToken).Within();
        var client = application.Services.GetRequiredKeyedService<Kinds.KindsClient>("faulty");
        var host = application.Services.GetRequiredService<PluginHost>();
        var plugin = await host.GetAsync("faulty", TestContext.Current.CancellationToken).Within();

        Signals.Send(plugin.ProcessId, Signals.Kill);
        await plugin.WatchStateAsync(TestContext.Current.CancellationToken).FirstAsync(status => status is { State: PluginState.Ready, Launch: 2 }, TestContext.Current.CancellationToken).AsTask().Within();

        Assert.Equal("again", (await client.UnaryAsync(new Note { Text = "again" }).ResponseAsync.Within()).Text);
        Assert.Same(plugin, await host.GetAsync("faulty", TestContext.Current.CancellationToken).Within());
        await application.StopAsync(TestContext.Current.CancellationToken).Within();
    }

    [Fact]
    public async Task Plugin_ThatCrashedAndIsNotRestarted_IsStartedByTheNextCall()
    {
        using var application = Build(host => host.AddPlugin("faulty", options =>
        {
            Configure(options);
            options.Restart.Policy = PluginRestartPolicy.Never;
        }).AddClient<Kinds.KindsClient>("faulty"));
        await application.StartAsync(TestContext.Current.CancellationToken).Within();
        var client = application.Services.GetRequiredKeyedService<Kinds.KindsClient>("faulty");
        var host = application.Services.GetRequiredService<PluginHost>();
        var first = await host.GetAsync("faulty", TestContext.Current.CancellationToken).Within();

        Signals.Send(first.ProcessId, Signals.Kill);
        await first.Completion.Within();
        Assert.Equal("again", (await client.UnaryAsync(new Note { Text = "again" }).ResponseAsync.Within()).Text);

        Assert.NotSame(first, await host.GetAsync("faulty", TestContext.Current.CancellationToken).Within());
        await application.StopAsync(TestContext.Current.CancellationToken).Within();
    }

    [Fact]
    public async Task Interceptors_OfBothSides_SeeEachCall()
    {
        var options = Faulty();
        options.Interceptors.Add(new SigningInterceptor("the host"));
        await using var plugin = await StartAsync(options);
        var kinds = plugin.CreateClient<Kinds.KindsClient>();

        await kinds.UnaryAsync(new Note()).ResponseAsync.Within();
        using (var call = kinds.ServerStream(new Note()))
            Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Within());
        var description = await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();

        Assert.Equal(["Unary by the host", "ServerStream by nobody", "Describe by the host"], description.Intercepted);
    }

    [Fact]
    public async Task Scope_OfEachCall_IsDisposedOfWithIt()
    {
        await using var plugin = await StartAsync(Faulty());
        var kinds = plugin.CreateClient<Kinds.KindsClient>();
        var faults = plugin.CreateClient<Faults.FaultsClient>();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => kinds.UnaryAsync(new Note { Number = i }).ResponseAsync)).Within();
        using (var cancelled = kinds.UnaryAsync(new Note { Hold = Hold.UntilCancelled }))
            await cancelled.ResponseHeadersAsync.Within();

        Assert.Equal(51, (await faults.AwaitScopesAsync(new Scopes { Closed = 51 }).ResponseAsync.Within()).Closed);
    }

    private void Configure(PluginOptions options)
    {
        var template = Faulty();
        options.FileName = template.FileName;
        options.LaunchDirectoryRoot = template.LaunchDirectoryRoot;
        options.StartTimeout = template.StartTimeout;
        options.ConnectTimeout = template.ConnectTimeout;
        options.DrainTimeout = template.DrainTimeout;
    }

    private IHost Build(Action<PluginHostBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        configure(builder.Services.AddPluginHost());
        return builder.Build();
    }

    private sealed class SigningInterceptor(string name) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, new ClientInterceptorContext<TRequest, TResponse>(
                context.Method, context.Host, context.Options.WithHeaders(new Metadata { { "caller", name } })));
    }
}
