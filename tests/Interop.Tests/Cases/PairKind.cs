namespace Plugwire.Interop.Tests.Cases;

/// <summary>A client, a server, and what is between them.</summary>
public enum PairKind
{
    /// <summary>Our client and our server, in memory.</summary>
    OursInMemory,

    /// <summary>The same with the server's service as a typed contract.</summary>
    OursInMemoryTypedService,

    /// <summary>Our client and our server on a Unix socket.</summary>
    OursOnUnixSocket,

    /// <summary>The same with the server's service as a typed contract.</summary>
    OursOnUnixSocketTypedService,

    /// <summary>Grpc.Net.Client and our server on a Unix socket.</summary>
    GrpcNetClientToOurs,

    /// <summary>The same with the server's service as a typed contract.</summary>
    GrpcNetClientToOursTypedService,

    /// <summary>Our client and Grpc.AspNetCore.Server on Kestrel, on a Unix socket.</summary>
    OursToKestrel,
}
