using Microsoft.Extensions.Logging;
using Plugwire.Callbacks;
using Plugwire.Serving;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
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
    int? MaxIdleFramesPerSecond,
    TimeSpan KeepAlivePingDelay,
    TimeSpan KeepAlivePingTimeout,
    int MaxConnections,
    bool DetailedErrors)
{
    /// <summary>The names of the plugin's optional features.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public RpcServerOptions ToServerOptions(HostConnectionScreen screen, TimeProvider time, ILogger logger) => new()
    {
        MaxReceiveMessageSize = MaxReceiveMessageSize,
        MaxSendMessageSize = MaxSendMessageSize,
        MaxMetadataSize = MaxMetadataSize,
        MaxConcurrentStreams = MaxConcurrentStreams,
        MaxIdleFramesPerSecond = MaxIdleFramesPerSecond,
        KeepAlivePingDelay = KeepAlivePingDelay,
        KeepAlivePingTimeout = KeepAlivePingTimeout,
        MaxConnections = MaxConnections,
        Screen = screen.PassAsync,
        DetailedErrors = DetailedErrors,
        TimeProvider = time,
        Logger = logger,
    };

    /// <summary>How the plugin speaks where it calls its host.</summary>
    public RpcClientOptions ToClientOptions(TimeProvider time, ILogger logger) => new()
    {
        MaxReceiveMessageSize = MaxReceiveMessageSize,
        MaxSendMessageSize = MaxSendMessageSize,
        MaxMetadataSize = MaxMetadataSize,
        MaxIdleFramesPerSecond = MaxIdleFramesPerSecond,
        KeepAlivePingDelay = KeepAlivePingDelay,
        KeepAlivePingTimeout = KeepAlivePingTimeout,
        // The screen has the clock for all that a host says first.
        PrefaceTimeout = Timeout.InfiniteTimeSpan,
        ExplainDisconnect = static (_, _) => new(new LossExplanation("The host has closed the connection for calls to it: it ends this plugin, or has ended itself.")),
        TimeProvider = time,
        Logger = logger,
    };
}
