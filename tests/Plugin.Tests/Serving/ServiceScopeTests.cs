using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Serving;
using Plugwire.Testing;
using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Serving;

public sealed class ServiceScopeTests
{
    private readonly Journal _journal = new();
    private readonly HandlerTable _table = new();

    [Fact]
    public async Task ScopedService_TwoCalls_EachHasItsOwnInstanceDisposedAfterIt()
    {
        await using var services = await BindAsync(_ => { });

        Assert.Equal("a 1", (await CallUnaryAsync("a")).Value);
        Assert.Equal("b 2", (await CallUnaryAsync("b")).Value);

        Assert.Equal(["made 1", "unary 1", "disposed 1", "made 2", "unary 2", "disposed 2"], _journal.Entries);
    }

    [Fact]
    public async Task ScopedService_HandlerThrows_InstanceIsDisposedAndTheExceptionPasses()
    {
        await using var services = await BindAsync(_ => { });

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => CallUnaryAsync("throw"));

        Assert.Equal("as told", failure.Message);
        Assert.Equal("disposed 1", _journal.Entries[^1]);
    }

    [Fact]
    public async Task ScopedService_AllFourKinds_ReachTheirMethods()
    {
        await using var services = await BindAsync(_ => { });
        var responses = new TestStreamWriter<Text>();

        var collected = await _table.Get<ClientStreamingServerMethod<Text, Text>>("Collect")(Texts("a", "b"), new TestServerCallContext()).Within();
        await _table.Get<ServerStreamingServerMethod<Text, Text>>("Repeat")(new Text { Value = "c" }, responses, new TestServerCallContext()).Within();
        await _table.Get<DuplexStreamingServerMethod<Text, Text>>("Both")(Texts("d", "e"), responses, new TestServerCallContext()).Within();

        Assert.Equal("ab", collected.Value);
        Assert.Equal(["c", "c", "d", "e"], responses.Messages.Select(text => text.Value));
        Assert.Equal(
            ["made 1", "collect 1", "disposed 1", "made 2", "repeat 2", "disposed 2", "made 3", "both 3", "disposed 3"], _journal.Entries);
    }

    [Fact]
    public async Task SingletonService_TwoCalls_OneInstanceBoundOnce()
    {
        var bound = 0;
        await using var services = await BindAsync(
            services => services.AddSingleton<EchoService>(),
            new ServiceRegistration<EchoService>(
                typeof(EchoService),
                [
                    (binder, service) =>
                    {
                        bound++;
                        Echo.BindService(binder, service);
                    },
                ],
                bindsNothing: true));

        Assert.Equal("a 1", (await CallUnaryAsync("a")).Value);
        Assert.Equal("b 1", (await CallUnaryAsync("b")).Value);

        Assert.Equal(1, bound);
        Assert.Equal(["made 1", "unary 1", "unary 1"], _journal.Entries);
    }

    [Fact]
    public async Task ServiceBoundByHand_PerCall_OnlyTheProbeAndTheCallsMakeInstances()
    {
        await using var services = await BindAsync(_ => { }, new ServiceRegistration<EchoService>(typeof(EchoService), [Echo.BindService], bindsNothing: false));
        Assert.Equal(["made 1", "disposed 1"], _journal.Entries);

        Assert.Equal("a 2", (await CallUnaryAsync("a")).Value);
    }

    [Fact]
    public void Service_WithoutGeneratedBaseClass_IsRefusedByName()
    {
        var refusal = Assert.Throws<InvalidOperationException>(GeneratedService.FindBinder<Journal>);

        Assert.Contains(typeof(Journal).FullName!, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Greeter.GreeterBase", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScopedService_ConstructedWithMissingDependency_FailsTheCallAlone()
    {
        var registration = new ServiceRegistration<EchoService>(typeof(EchoService), [GeneratedService.FindBinder<EchoService>()], bindsNothing: true);
        var collection = new ServiceCollection();
        registration.Register(collection);
        await using var services = collection.BuildServiceProvider();
        await registration.BindAsync(_table, services, new Interceptors());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => CallUnaryAsync("a"));

        Assert.Contains(nameof(Journal), failure.Message, StringComparison.Ordinal);
    }

    private static TestStreamReader<Text> Texts(params string[] values) => new(values.Select(value => new Text { Value = value }));

    private Task<Text> CallUnaryAsync(string value) =>
        _table.Get<UnaryServerMethod<Text, Text>>("Unary")(new Text { Value = value }, new TestServerCallContext()).Within();

    private async Task<ServiceProvider> BindAsync(Action<IServiceCollection> register, ServiceRegistration<EchoService>? registration = null)
    {
        registration ??= new ServiceRegistration<EchoService>(typeof(EchoService), [GeneratedService.FindBinder<EchoService>()], bindsNothing: true);
        var collection = new ServiceCollection();
        collection.AddSingleton(_journal);
        register(collection);
        registration.Register(collection);
        var services = collection.BuildServiceProvider(validateScopes: true);
        await registration.BindAsync(_table, services, new Interceptors());
        return services;
    }
}
