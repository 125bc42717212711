using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Plugwire.Interop.Tests;

/// <summary>A test's service on Grpc.AspNetCore.Server and Kestrel.</summary>
internal static class KestrelServer
{
    public static async Task<WebApplication> StartAsync<TService>(string path, TService service, int messageLimit = EchoPair.MessageLimit)
        where TService : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(service);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = messageLimit;
            grpc.MaxSendMessageSize = null;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        application.MapGrpcService<TService>();
        await application.StartAsync().WaitAsync(EchoPair.Limit);
        return application;
    }
}
