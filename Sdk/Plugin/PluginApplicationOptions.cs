using Plugwire.Wire.Launching;

namespace Plugwire;

/// <summary>What a plugin application can be told in plain values. Read once, when the application is built.</summary>
public sealed class PluginApplicationOptions
{
    /// <summary>
    /// The environment variable by which the plugin knows that a host of its application started it. No secret: it tells a launch
    /// from a user's double click. The host must use the same. Default: the one of applications that choose none.
    /// </summary>
    public string CookieKey { get; set; } = LaunchVariables.DefaultCookieKey;

    /// <summary>What the variable named by <see cref="CookieKey"/> holds, exactly. Default: the one of applications that choose none.</summary>
    public string CookieValue { get; set; } = LaunchVariables.DefaultCookieValue;

    /// <summary>
    /// The versions of the application's contract that the plugin serves, none negative. The highest one that host and plugin share is
    /// used; without one the plugin offers its lowest, and the host refuses it. Default: 1 alone.
    /// </summary>
    public IList<int> ProtocolVersions { get; set; } = [1];

    /// <summary>The largest message that the plugin takes, in bytes. Null means no limit. Default: 16 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest message that the plugin sends, in bytes. Null means no limit. Default: 16 MiB.</summary>
    public int? MaxSendMessageSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The most metadata that a call may bring, in bytes. Default: 16 KiB.</summary>
    public int MaxMetadataSize { get; set; } = 16 * 1024;

    /// <summary>How many calls one connection may have open at once; the host's further ones wait. Default: 1,000.</summary>
    public int MaxConcurrentStreams { get; set; } = 1000;

    /// <summary>
    /// How many HTTP/2 frames that move no call on (pings, settings, resets, window updates and the like) the host may send at once on a connection; as many come back each second, and some with
    /// each frame of an answer. Beyond, the connection ends with ENHANCE_YOUR_CALM. At least 1,000; null means no limit. Default: 20,000.
    /// </summary>
    public int? MaxIdleFramesPerSecond { get; set; } = 20_000;

    /// <summary>
    /// After how long a silence of the host on a connection it is asked by an HTTP/2 PING whether it is still there. At least 1 second; infinite asks never. Some servers end a connection that
    /// is asked often: those of grpc-go, unless told otherwise, more often than every 5 minutes. Default: infinite.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long the host may be silent after such a PING before the connection ends, with its calls. At least 1 second. Default: 20 seconds.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many connections the host may have open at once. A Plugwire host needs two, and a third while it connects to be called back. Default: 8.</summary>
    public int MaxConnections { get; set; } = 8;

    /// <summary>
    /// Whether a caller is told the message of an exception that a service threw, other than an <c>RpcException</c>. It may hold what is
    /// not the caller's to know. Default: false.
    /// </summary>
    public bool DetailedErrors { get; set; }

    /// <summary>
    /// How long calls may go on after the plugin was asked to stop; then they are cut. A host that says how long it waits for the end gets it
    /// within that time, whatever is said here. A second terminate signal cuts calls at once, the host's death after half a second at most. Zero
    /// cuts at once. Default: 5 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All that is wrong, one sentence each.</summary>
    internal IEnumerable<string> FindMistakes()
    {
        if (string.IsNullOrEmpty(CookieKey) || CookieKey.Contains('=', StringComparison.Ordinal) || CookieKey.Contains('\0', StringComparison.Ordinal))
            yield return $"{nameof(CookieKey)} must be the name of an environment variable, and '{CookieKey}' cannot be one.";
        if (string.IsNullOrEmpty(CookieValue))
            yield return $"{nameof(CookieValue)} must not be empty: every process would seem to be started by a host.";
        if (ProtocolVersions is not { Count: > 0 })
            yield return $"{nameof(ProtocolVersions)} must name at least one version.";
        foreach (var version in ProtocolVersions ?? [])
        {
            if (version < 0)
                yield return $"{nameof(ProtocolVersions)} must not be negative: {version} is.";
        }

        if (MaxReceiveMessageSize < 0)
            yield return $"{nameof(MaxReceiveMessageSize)} must not be negative: {MaxReceiveMessageSize} is. Null means no limit.";
        if (MaxSendMessageSize < 0)
            yield return $"{nameof(MaxSendMessageSize)} must not be negative: {MaxSendMessageSize} is. Null means no limit.";
        if (MaxMetadataSize < 1)
            yield return $"{nameof(MaxMetadataSize)} must be at least 1 byte: {MaxMetadataSize} is not.";
        if (MaxConcurrentStreams < 1)
            yield return $"{nameof(MaxConcurrentStreams)} must be at least 1: {MaxConcurrentStreams} is not.";
        if (MaxIdleFramesPerSecond < 1000)
            yield return $"{nameof(MaxIdleFramesPerSecond)} must be at least 1000: {MaxIdleFramesPerSecond} is not. Null means no limit.";
        if (KeepAlivePingDelay != Timeout.InfiniteTimeSpan && (KeepAlivePingDelay.TotalSeconds < 1 || KeepAlivePingDelay.TotalMilliseconds > int.MaxValue))
            yield return $"{nameof(KeepAlivePingDelay)} must be between 1 s and {int.MaxValue} ms, or infinite: {KeepAlivePingDelay} is not.";
        if (KeepAlivePingTimeout.TotalSeconds < 1 || KeepAlivePingTimeout.TotalMilliseconds > int.MaxValue)
            yield return $"{nameof(KeepAlivePingTimeout)} must be between 1 s and {int.MaxValue} ms: {KeepAlivePingTimeout} is not.";
        if (MaxConnections < 1)
            yield return $"{nameof(MaxConnections)} must be at least 1: {MaxConnections} is not.";
        if (DrainTimeout < TimeSpan.Zero || DrainTimeout.TotalMilliseconds > int.MaxValue)
            yield return $"{nameof(DrainTimeout)} must be between zero and {int.MaxValue} ms: {DrainTimeout} is not.";
    }
}
