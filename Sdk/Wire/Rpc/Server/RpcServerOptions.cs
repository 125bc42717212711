using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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

    /// <summary>How many connections are served at a time; a further one is closed at once.</summary>
    public int MaxConnections { get; init; } = 8;

    /// <summary>Whether the status of a failed call tells the exception's message, not its type alone.</summary>
    public bool DetailedErrors { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
