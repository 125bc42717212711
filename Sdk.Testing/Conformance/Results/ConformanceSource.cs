namespace Plugwire.Testing;

/// <summary>Where a requirement comes from.</summary>
public enum ConformanceSource
{
    /// <summary>The launch protocol of go-plugin, which Plugwire's hosts and plugins speak.</summary>
    GoPlugin,

    /// <summary>gRPC: its protocol over HTTP/2, its status codes, its health checking protocol.</summary>
    Grpc,

    /// <summary>Plugwire's own promises beyond the two.</summary>
    Plugwire,
}
