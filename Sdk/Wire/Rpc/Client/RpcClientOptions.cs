using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>How a client speaks on one connection.</summary>
internal sealed class RpcClientOptions
{
    /// <summary>The longest message taken from the server, in bytes; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The longest message sent to the server, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The largest header list taken or sent, in bytes as RFC 9113 section 6.5.2 counts them.</summary>
    public int MaxMetadataSize { get; init; } = 16 * 1024;

    /// <inheritdoc cref="Http2Options.MaxIdleFramesPerSecond"/>
    public int? MaxIdleFramesPerSecond { get; init; } = 20_000;

    /// <inheritdoc cref="Http2Options.KeepAlivePingDelay"/>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <inheritdoc cref="Http2Options.KeepAlivePingTimeout"/>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What <c>:authority</c> says where a call names no host.</summary>
    public string Authority { get; init; } = "localhost";

    /// <inheritdoc cref="Http2Options.ExplainLoss"/>
    public Func<ConnectionLoss, CancellationToken, ValueTask<LossExplanation?>>? ExplainDisconnect { get; init; }

    /// <inheritdoc cref="Http2Options.ExplainLeave"/>
    public Func<LossExplanation?>? ExplainLeave { get; init; }

    /// <summary>Makes what a failed call throws; null for a plain <see cref="RpcException"/>. Asked for each throw anew, with no lock held; it must not block.</summary>
    public Func<CallFailure, RpcException>? CreateException { get; init; }

    /// <summary>Told of each call by its full name when it begins; what it answers is disposed of when the call has ended, whichever way. Null for nobody. It must not block.</summary>
    public Func<string, IDisposable>? ObserveCall { get; init; }

    /// <summary>How long the server may take, from the connection on, to speak HTTP/2.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
