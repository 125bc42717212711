using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakePluginTests : IDisposable
{
    // As those of a harness: tests run on busy machines.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly FakeContract<IEcho> _echo = new(new Harness.EchoHandler());
    private readonly RecordedLogs _logs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task HostsService_WithAnInjectedContract_IsTestedWithAFakePlugin()
    {
        _echo.When(c => c.UnaryAsync, (Text request) => new Text { Value = request.Value.ToUpperInvariant() });
        await using var plugin = new FakePlugin(builder => builder.AddContract(_echo));
        var application = Host.CreateEmptyApplicationBuilder(null);
        application.Services.AddPluginHost().AddPlugin("echo", plugin.RunIn).AddContract<IEcho>("echo");
        application.Services.AddSingleton<Shouter>();
        using var host = application.Build();

        Assert.Equal("HELLO", await host.Services.GetRequiredService<Shouter>().ShoutAsync("hello", Token).Within());

        Assert.Equal(1, plugin.Starts);
        await host.Services.GetRequiredService<PluginHost>().DisposeAsync();
        Assert.False(plugin.IsRunning);
    }

    [Fact]
    public async Task SeveralPlugins_AreEachTheirOwn()
    {
        await using var one = new FakePlugin(builder => builder.AddContract(Answering("one")));
        await using var two = new FakePlugin(builder => builder.AddContract(Answering("two")));
        await using var host = new PluginHost();
        host.Add("one", Options(one));
        host.Add("two", Options(two));

        var answers = new[] { "one", "two" }.ToDictionary(name => name, name => host.GetContract<IEcho>(name).UnaryAsync(new Text(), cancellationToken: Token).AsTask());

        Assert.Equal("one", (await answers["one"].Within()).Value);
        Assert.Equal("two", (await answers["two"].Within()).Value);
    }

    [Fact]
    public async Task ClassicService_IsServedToo()
    {
        await using var fake = new FakePlugin(builder => builder.AddService<ClassicEcho>());
        await using var plugin = await StartAsync(fake);

        Assert.Equal("classic", (await plugin.CreateClient<Echo.EchoClient>().UnaryAsync(new Text(), cancellationToken: Token)).Value);
    }

    [Fact]
    public async Task Crash_AtACall_IsWhatTheHostReports()
    {
        await using var fake = new FakePlugin(builder => builder.AddContract(_echo));
        _echo.When(c => c.UnaryAsync, (Text request) =>
        {
            fake.WriteErrorLine("it hurts");
            fake.Crash();
            return request;
        });
        await using var plugin = await StartAsync(fake);

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => plugin.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask().Within());
        var exit = await plugin.Completion.Within();

        Assert.Equal(PluginCallReason.PluginDied, failure.Reason);
        Assert.Equal(6, exit.Signal);
        Assert.Contains("it hurts", exit.StandardErrorTail, StringComparison.Ordinal);
        Assert.False(fake.IsRunning);
    }

    [Fact]
    public async Task Exit_WhenTold_HasItsCode_AndTheNextStartIsNew()
    {
        await using var fake = new FakePlugin(builder => builder.AddContract(_echo));
        await using var host = new PluginHost();
        host.Add("echo", Options(fake));
        var plugin = await host.GetAsync("echo", Token).Within();

        fake.Exit(7);

        Assert.Equal(7, (await plugin.Completion.Within()).ExitCode);
        Assert.Equal("again", (await host.GetContract<IEcho>("echo").UnaryAsync(new Text { Value = "again" }, cancellationToken: Token).AsTask().Within()).Value);
        Assert.Equal(2, fake.Starts);
    }

    [Fact]
    public async Task RefusedStart_FailsWithCodeAndReason_UntilItIsAllowed()
    {
        await using var fake = new FakePlugin(builder => builder.AddContract(_echo));
        fake.RefuseStart(9, "no licence");

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => StartAsync(fake));
        fake.AllowStart();
        await using var plugin = await StartAsync(fake);

        Assert.Equal(PluginStartReason.ExitedEarly, failure.Reason);
        Assert.Contains("9", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no licence", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeldStart_WaitsUntilItIsReleased()
    {
        await using var fake = new FakePlugin();
        var hold = fake.HoldStart();

        var starting = StartAsync(fake);
        await hold.WaitForArrivalAsync(Token).Within();
        Assert.False(starting.IsCompleted);
        hold.Release();

        await using var plugin = await starting.Within();
    }

    [Fact]
    public async Task HeldStart_IsGivenUpWithItsHost()
    {
        await using var fake = new FakePlugin();
        var hold = fake.HoldStart();
        using var giveUp = new CancellationTokenSource();

        var starting = StartAsync(fake, cancellationToken: giveUp.Token);
        await hold.WaitForArrivalAsync(Token).Within();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.Within());
        Assert.False(fake.IsRunning);
    }

    [Fact]
    public async Task Health_IsWhatTheTestSays()
    {
        await using var fake = new FakePlugin();
        await using var plugin = await StartAsync(fake);

        Assert.True(await plugin.CheckHealthAsync(Token).Within());
        fake.IsHealthy = false;
        Assert.False(await plugin.CheckHealthAsync(Token).Within());
        fake.IsHealthy = true;
        Assert.True(await plugin.CheckHealthAsync(Token).Within());
    }

    [Fact]
    public async Task UnhealthyPlugin_DoesNotStart()
    {
        await using var fake = new FakePlugin { IsHealthy = false };

        Assert.Equal(PluginStartReason.NotServing, (await Assert.ThrowsAsync<PluginStartException>(() => StartAsync(fake))).Reason);
    }

    [Fact]
    public async Task PluginThatIgnoresTheStop_HasToBeKilled()
    {
        await using var fake = new FakePlugin { IgnoresStop = true };
        await using var plugin = await StartAsync(fake, options => options.DrainTimeout = options.TerminateTimeout = TimeSpan.FromMilliseconds(50));

        Assert.Equal(PluginStopStep.Kill, (await plugin.StopAsync(Token).Within()).StopStep);
    }

    [Fact]
    public async Task PluginThatHeedsTheStop_EndsByItself()
    {
        await using var fake = new FakePlugin();
        await using var plugin = await StartAsync(fake);

        var exit = await plugin.StopAsync(Token).Within();

        Assert.Equal(0, exit.ExitCode);
        Assert.NotEqual(PluginStopStep.Kill, exit.StopStep);
    }

    [Fact]
    public async Task LogAndConsole_ComeToTheHost()
    {
        await using var fake = new FakePlugin();
        await using var plugin = await StartAsync(fake);

        fake.CreateLogger("Scanning").Log(LogLevel.Warning, new EventId(3, "Odd"), "An odd thing happened.", null, static (text, _) => text);
        fake.WriteLine("printed");
        fake.WriteErrorLine("complained");

        Assert.Equal(LogLevel.Warning, (await _logs.WaitForAsync(entry => entry.Category.EndsWith("Scanning", StringComparison.Ordinal) && entry.EventId.Name == "Odd", Token).Within()).Level);
        await _logs.WaitForAsync(entry => entry.Message.Contains("printed", StringComparison.Ordinal), Token).Within();
        await _logs.WaitForAsync(entry => entry.Message.Contains("complained", StringComparison.Ordinal), Token).Within();
    }

    [Fact]
    public async Task Plugin_ThatNobodyHasStarted_SaysSo()
    {
        await using var fake = new FakePlugin();

        Assert.Contains("has not been started", Assert.Throws<InvalidOperationException>(() => fake.Crash()).Message, StringComparison.Ordinal);
        Assert.False(fake.IsRunning);
    }

    private static FakeContract<IEcho> Answering(string answer)
    {
        var echo = new FakeContract<IEcho>();
        echo.When(c => c.UnaryAsync, (Text _) => new Text { Value = answer });
        return echo;
    }

    private PluginOptions Options(FakePlugin fake)
    {
        var options = new PluginOptions
        {
            StartTimeout = Generous,
            ConnectTimeout = Generous,
            DrainTimeout = Generous,
            Restart = { Policy = PluginRestartPolicy.Never },
            LoggerFactory = _logs,
            MinimumLogLevel = LogLevel.Debug,
        };
        fake.RunIn(options);
        return options;
    }

    private Task<Plugin> StartAsync(FakePlugin fake, Action<PluginOptions>? configure = null, CancellationToken? cancellationToken = null)
    {
        var options = Options(fake);
        configure?.Invoke(options);
        return Plugin.StartAsync(options, cancellationToken ?? Token).Within();
    }

    private sealed class Shouter([FromKeyedServices("echo")] IEcho echo)
    {
        public async Task<string> ShoutAsync(string text, CancellationToken cancellationToken) =>
            (await echo.UnaryAsync(new Text { Value = text }, cancellationToken: cancellationToken)).Value;
    }

    private sealed class ClassicEcho : Echo.EchoBase
    {
        public override Task<Text> Unary(Text request, ServerCallContext context) => Task.FromResult(new Text { Value = "classic" });
    }
}
