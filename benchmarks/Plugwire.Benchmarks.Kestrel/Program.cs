using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.Benchmarks.Workloads.Serving;

// The peer, as its documentation tells to set it up for a Unix socket; nothing is tuned.
await PeerProgram.RunAsync(static async path =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddGrpc();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2));
    var application = builder.Build();
    application.MapGrpcService<ExchangeService>();
    application.MapGrpcService<ServerProcessService>();
    await application.StartAsync();
    return application;
});
