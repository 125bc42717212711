using Microsoft.Extensions.Logging;
using Plugwire.Serving;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Running;

/// <summary>What the author put together, frozen when the application is built.</summary>
internal sealed record PluginParts(
    IReadOnlyList<ServiceRegistration> Services,
    Interceptors Interceptors,
    string CookieKey,
    string CookieValue,
    IReadOnlyList<int> ProtocolVersions,
    TimeSpan DrainTimeout,
    int? MaxReceiveMessageSize,
    int? MaxSendMessageSize,
    int MaxMetadataSize,
    int MaxConcurrentStreams,
    int MaxConnections,
    bool DetailedErrors)
{
    /// <summary>The names of the plugin's optional features.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public RpcServerOptions ToServerOptions(TimeProvider time, ILogger logger) => new()
    {
        MaxReceiveMessageSize = MaxReceiveMessageSize,
        MaxSendMessageSize = MaxSendMessageSize,
        MaxMetadataSize = MaxMetadataSize,
        MaxConcurrentStreams = MaxConcurrentStreams,
        MaxConnections = MaxConnections,
        DetailedErrors = DetailedErrors,
        TimeProvider = time,
        Logger = logger,
    };
}
