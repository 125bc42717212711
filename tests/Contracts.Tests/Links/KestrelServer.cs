using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>The test's contract on Grpc.AspNetCore.Server and Kestrel.</summary>
internal sealed class KestrelServer : IServerSide
{
    private readonly ConcurrentBag<ConnectionContext> _connections = [];
    private WebApplication? _application;

    public static async Task<KestrelServer> StartAsync(IEcho service, string path)
    {
        var server = new KestrelServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => context =>
            {
                server._connections.Add(context);
                return next(context);
            });
        }));
        server._application = builder.Build();
        var definition = ServerServiceDefinition.CreateBuilder();
        Bound.To(new DefinitionBinder(definition), service);
        server._application.MapGrpcService(definition.Build());
        await server._application.StartAsync().Within();
        return server;
    }

    public Task StopAsync() => _application!.StopAsync(new CancellationToken(canceled: true));

    public Task CutAsync()
    {
        foreach (var connection in _connections)
            connection.Abort(new ConnectionAbortedException("The test cuts the connection."));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _application!.DisposeAsync();

    /// <summary>A contract binds to any binder; this one fills the definition that ASP.NET Core maps.</summary>
    private sealed class DefinitionBinder(ServerServiceDefinition.Builder definition) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            definition.AddMethod(method, handler!);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            definition.AddMethod(method, handler!);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            definition.AddMethod(method, handler!);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            definition.AddMethod(method, handler!);
    }
}
