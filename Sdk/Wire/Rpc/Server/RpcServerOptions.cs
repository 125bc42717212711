using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Transports;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>How a server speaks on its connections.</summary>
internal sealed class RpcServerOptions
{
    /// <summary>The longest message taken from a client, in bytes; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The longest message sent to a client, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The largest header list taken or sent, in bytes as RFC 9113 section 6.5.2 counts them.</summary>
    public int MaxMetadataSize { get; init; } = 16 * 1024;

    /// <summary>How many calls one connection may have open.</summary>
    public int MaxConcurrentStreams { get; init; } = 1000;

    /// <inheritdoc cref="Http2Options.MaxIdleFramesPerSecond"/>
    public int? MaxIdleFramesPerSecond { get; init; } = 20_000;

    /// <inheritdoc cref="Http2Options.KeepAlivePingDelay"/>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <inheritdoc cref="Http2Options.KeepAlivePingTimeout"/>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many connections are accepted at a time; a further one is closed at once.</summary>
    public int MaxConnections { get; init; } = 8;

    /// <summary>
    /// Looks at each accepted connection before it is served, and may have it until the token fires, which is when the server stops. Answers the connection to serve, or null
    /// for one that is not a client's and that it has taken over or closed. Null for none: every connection is a client's.
    /// </summary>
    public Func<TransportConnection, CancellationToken, ValueTask<TransportConnection?>>? Screen { get; init; }

    /// <summary>What handlers are told about who calls; null for the address of the connection.</summary>
    public string? PeerName { get; init; }

    /// <summary>How long a client may take, from the connection on, to speak HTTP/2.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the status of a failed call tells the exception's message, not its type alone.</summary>
    public bool DetailedErrors { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
