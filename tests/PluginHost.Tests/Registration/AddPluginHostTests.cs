using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Plugwire.Hosting.Tests.Checking;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Starting;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Services.Health;

namespace Plugwire.Hosting.Tests.Registration;

public sealed class AddPluginHostTests
{
    private static readonly TimeSpan Limit = Shell.Limit;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddPlugin_KeyedInvokerAndClient_StartThePluginOnTheFirstCall()
    {
        await using var served = new ServedPlugin();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPluginHost().AddPlugin("todo", options => Fill(options, served.Options)).AddClient<Health.HealthClient>("todo");
        using var application = builder.Build();
        await application.StartAsync(Token).WaitAsync(Limit, Token);
        var client = application.Services.GetRequiredKeyedService<Health.HealthClient>("todo");
        var invoker = application.Services.GetRequiredKeyedService<CallInvoker>("todo");
        Assert.False(served.Process.Launched.IsCompleted);

        var answer = await client.CheckAsync(new HealthCheckRequest { Service = "mine" }, cancellationToken: Token).ResponseAsync.WaitAsync(Limit, Token);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Equal("HI", await invoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "hi").ResponseAsync.WaitAsync(Limit, Token));
        await application.StopAsync(Token).WaitAsync(Limit, Token);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task AddContract_KeyedContract_StartsAndChecksThePluginOnTheFirstCall()
    {
        var reflection = new ScriptedReflection(ScriptedReflection.AsTheHostHasThem);
        await using var served = new ServedPlugin();
        reflection.AddTo(served);
        var services = new ServiceCollection();
        services.AddPluginHost().AddContract<ICatalog>("todo").AddPlugin("todo", options => Fill(options, served.Options));
        await using var provider = services.BuildServiceProvider();
        var catalog = provider.GetRequiredKeyedService<ICatalog>("todo");
        Assert.False(served.Process.Launched.IsCompleted);

        Assert.Equal("HI", await catalog.EchoAsync("hi", Token).WaitAsync(Limit, Token));

        Assert.Equal(3, reflection.Asked.Count);
    }

    [Fact]
    public async Task AddContract_ThatThePluginBreaks_FailsTheCallWithTheTable()
    {
        var reflection = new ScriptedReflection(ScriptedReflection.AsTheHostHasThem) { Services = { "tests.Other" } };
        reflection.Services.RemoveRange(0, 2);
        await using var served = new ServedPlugin();
        reflection.AddTo(served);
        var services = new ServiceCollection();
        services.AddPluginHost().AddPlugin("todo", options => Fill(options, served.Options)).AddContract<ICatalog>("todo");
        await using var provider = services.BuildServiceProvider();

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => provider.GetRequiredKeyedService<ICatalog>("todo").EchoAsync("hi", Token).WaitAsync(Limit, Token));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("CONTRACT001", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("CONTRACT001", Assert.Single(Assert.IsType<ContractMismatchException>(failure.Status.DebugException).Differences).Rule);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Startup_WithTheApplication_RunsBeforeOtherServicesAndEndsAfterThem()
    {
        await using var served = new ServedPlugin();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<Witness>();
        builder.Services.AddSingleton<List<bool>>();
        builder.Services.AddPluginHost().AddPlugin("todo", options =>
        {
            Fill(options, served.Options);
            options.Startup = PluginStartup.WithTheApplication;
        });
        using var application = builder.Build();

        await application.StartAsync(Token).WaitAsync(Limit, Token);
        await application.StopAsync(Token).WaitAsync(Limit, Token);

        Assert.Equal([true, true], application.Services.GetRequiredService<List<bool>>());
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Startup_WithTheApplicationAndAPluginThatFails_KeepsTheApplicationFromStarting()
    {
        using var script = new ScriptPlugin("exit 4");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPluginHost().AddPlugin("bad", options =>
        {
            Fill(options, script.Options);
            options.Startup = PluginStartup.WithTheApplication;
        });
        using var application = builder.Build();

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => application.StartAsync(Token).WaitAsync(Limit, Token));

        Assert.Equal(("bad", 4), (failure.PluginName, failure.ExitCode));
    }

    [Fact]
    public async Task AddPlugin_Mistakes_AreAllReportedWhenTheApplicationStarts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPluginHost()
            .AddPlugin("one", options => options.MaxMetadataSize = -5)
            .AddPlugin("two", Read("""{ "FileName": "two", "StartTimeout": "-00:00:01" }"""));
        using var application = builder.Build();

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => application.StartAsync(Token).WaitAsync(Limit, Token));

        var text = failure.ToString();
        Assert.Contains("Plugin 'one': FileName is empty", text, StringComparison.Ordinal);
        Assert.Contains("Plugin 'one': MaxMetadataSize is -5", text, StringComparison.Ordinal);
        Assert.Contains("Plugin 'two': StartTimeout is -00:00:01", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddPlugin_FromConfigurationAndCode_CodeHasTheLastWord()
    {
        var services = new ServiceCollection();
        services.AddPluginHost().AddPlugin(
            "todo", Read("""{ "FileName": "todo", "Arguments": ["a"], "CookieValue": "file" }"""), options => options.CookieValue = "code");
        await using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<PluginOptions>>().Get("todo");

        Assert.Equal(("todo", "todo", "code"), (options.Name, options.FileName, options.CookieValue));
        Assert.Equal(["a"], options.Arguments);
    }

    [Fact]
    public void AddPlugin_SameNameTwice_IsRefused()
    {
        var builder = new ServiceCollection().AddPluginHost().AddPlugin("a", _ => { });

        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => builder.AddPlugin("a", _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddPluginHost_Twice_IsOneHost()
    {
        var services = new ServiceCollection();
        services.AddPluginHost().AddPlugin("a", options => options.FileName = "a");
        services.AddPluginHost().AddPlugin("b", options => options.FileName = "b");
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(["a", "b"], Assert.Single(provider.GetServices<PluginHost>()).Names.Order());
        Assert.Single(provider.GetServices<IHostedService>());
    }

    private static IConfiguration Read(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static void Fill(PluginOptions options, PluginOptions from)
    {
        options.FileName = from.FileName;
        foreach (var argument in from.Arguments)
            options.Arguments.Add(argument);
        options.LaunchDirectoryRoot = from.LaunchDirectoryRoot;
        options.StartTimeout = from.StartTimeout;
        options.ConnectTimeout = from.ConnectTimeout;
    }

    /// <summary>A service of the application's that needs the plugin from its start to its end.</summary>
    private sealed class Witness(PluginHost host, List<bool> ran) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) =>
            ran.Add(host.GetAsync("todo", cancellationToken) is { IsCompletedSuccessfully: true } plugin && !(await plugin).Completion.IsCompleted);

        public Task StopAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);
    }
}
