namespace Plugwire.Benchmarks.Contenders;

/// <summary>Who is measured; the columns of the table, in their order.</summary>
internal enum ContenderName
{
    /// <summary>Ours, by the stub and the base class of Grpc.Tools.</summary>
    Classic,

    /// <summary>Ours, by the contract's interface on both sides.</summary>
    Typed,

    /// <summary>The same the other way round: the plugin calls the host.</summary>
    Callback,

    /// <summary>The peer: Grpc.Net.Client, and Grpc.AspNetCore.Server on Kestrel.</summary>
    GrpcDotnet,

    /// <summary>The limit: frames on a socket, with nothing above it.</summary>
    RawSocket,

    /// <summary>The testing kit: plugin and host in this process, for one test.</summary>
    Harness,
}
