namespace Plugwire.Interop;

/// <summary>The metadata that a server of the tests sends back when a client sends it.</summary>
public static class EchoedMetadata
{
    /// <summary>Comes back in the response's headers.</summary>
    public const string Initial = "x-grpc-test-echo-initial";

    /// <summary>Comes back in the response's trailers.</summary>
    public const string Trailing = "x-grpc-test-echo-trailing-bin";
}
