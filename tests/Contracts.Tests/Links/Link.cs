namespace Plugwire.Contracts.Tests.Links;

/// <summary>Who calls whom, over what.</summary>
public enum Link
{
    /// <summary>Our client calls our server, in memory.</summary>
    Memory,

    /// <summary>Our client calls our server on a Unix socket.</summary>
    UnixSocket,

    /// <summary>Our client calls Grpc.AspNetCore.Server on Kestrel.</summary>
    OursToKestrel,

    /// <summary>Grpc.Net.Client calls our server.</summary>
    GrpcNetToOurs,
}
