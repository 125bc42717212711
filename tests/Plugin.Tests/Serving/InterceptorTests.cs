using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Serving;
using Plugwire.Testing;
using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Serving;

public sealed class InterceptorTests
{
    private readonly Journal _journal = new();
    private readonly HandlerTable _table = new();

    [Theory]
    [InlineData(ServiceLifetime.Scoped, ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Scoped, ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Singleton, ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Singleton, ServiceLifetime.Singleton)]
    public async Task Interceptors_AllFourKinds_FirstAddedIsOutermost(ServiceLifetime ofService, ServiceLifetime ofInterceptors)
    {
        await using var services = await BindAsync<Outer, Inner>(ofService, ofInterceptors);
        var writer = new TestStreamWriter<Text>();

        await _table.Get<UnaryServerMethod<Text, Text>>("Unary")(new Text(), new TestServerCallContext()).Within();
        await _table.Get<ClientStreamingServerMethod<Text, Text>>("Collect")(new TestStreamReader<Text>(), new TestServerCallContext()).Within();
        await _table.Get<ServerStreamingServerMethod<Text, Text>>("Repeat")(new Text(), writer, new TestServerCallContext()).Within();
        await _table.Get<DuplexStreamingServerMethod<Text, Text>>("Both")(new TestStreamReader<Text>(), writer, new TestServerCallContext()).Within();

        var order = _journal.Entries.Where(entry => !entry.StartsWith("made", StringComparison.Ordinal) && !entry.StartsWith("disposed", StringComparison.Ordinal));
        Assert.Equal(
            ["outer", "inner", "unary", "outer", "inner", "collect", "outer", "inner", "repeat", "outer", "inner", "both"],
            order.Select(entry => entry.Split(' ')[0]));
    }

    [Fact]
    public async Task Interceptor_ThatRefusesTheCall_NoServiceIsMade()
    {
        await using var services = await BindAsync<Refusing, Inner>(ServiceLifetime.Scoped, ServiceLifetime.Scoped);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _table.Get<UnaryServerMethod<Text, Text>>("Unary")(new Text(), new TestServerCallContext()).Within());

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Empty(_journal.Entries);
    }

    [Fact]
    public async Task ScopedInterceptor_TwoCalls_SharesTheScopeOfItsCall()
    {
        await using var services = await BindAsync<Outer, Inner>(ServiceLifetime.Scoped, ServiceLifetime.Scoped);
        var unary = _table.Get<UnaryServerMethod<Text, Text>>("Unary");

        await unary(new Text(), new TestServerCallContext()).Within();
        await unary(new Text(), new TestServerCallContext()).Within();

        var marks = _journal.Entries.Where(entry => entry.StartsWith("outer", StringComparison.Ordinal) || entry.StartsWith("inner", StringComparison.Ordinal)).ToArray();
        Assert.Equal(marks[0].Split(' ')[1], marks[1].Split(' ')[1]);
        Assert.Equal(marks[2].Split(' ')[1], marks[3].Split(' ')[1]);
        Assert.NotEqual(marks[0].Split(' ')[1], marks[2].Split(' ')[1]);
    }

    private async Task<ServiceProvider> BindAsync<TFirst, TSecond>(ServiceLifetime ofService, ServiceLifetime ofInterceptors)
        where TFirst : Interceptor
        where TSecond : Interceptor
    {
        var registration = new ServiceRegistration<EchoService>(typeof(EchoService), [GeneratedService.FindBinder<EchoService>()], bindsNothing: true);
        var interceptors = new Interceptors();
        interceptors.Add<TFirst>();
        interceptors.Add<TSecond>();
        var collection = new ServiceCollection();
        collection.AddSingleton(_journal);
        if (ofInterceptors == ServiceLifetime.Singleton)
        {
            collection.AddSingleton<Mark>();
            collection.AddSingleton<TFirst>();
            collection.AddSingleton<TSecond>();
        }
        else
        {
            collection.AddScoped<Mark>();
        }

        if (ofService == ServiceLifetime.Singleton)
            collection.AddSingleton<EchoService>();
        registration.Register(collection);
        interceptors.Register(collection);
        var services = collection.BuildServiceProvider(validateScopes: true);
        await registration.BindAsync(_table, services, interceptors);
        return services;
    }

    /// <summary>One for each scope.</summary>
    private sealed class Mark(Journal journal)
    {
        public int Number { get; } = journal.NextInstance();
    }

    private class Noting(Journal journal, Mark mark, string name) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} {mark.Number}");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} {mark.Number}");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} {mark.Number}");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} {mark.Number}");
            return continuation(requestStream, responseStream, context);
        }
    }

    private sealed class Outer(Journal journal, Mark mark) : Noting(journal, mark, "outer");

    private sealed class Inner(Journal journal, Mark mark) : Noting(journal, mark, "inner");

    private sealed class Refusing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
    }
}
