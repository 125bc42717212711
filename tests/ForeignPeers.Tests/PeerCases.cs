using Plugwire.Interop;

namespace Plugwire.ForeignPeers.Tests;

/// <summary>What is run with each peer.</summary>
public static class PeerCases
{
    /// <summary>The cases of the peers' clients.</summary>
    public static TheoryData<string> OfPeersClients =>
    [
        "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong", "empty_stream",
        "client_compressed_unary", "client_compressed_streaming", "server_compressed_unary", "server_compressed_streaming",
        "cancel_after_begin", "cancel_after_first_response", "timeout_on_sleeping_server", "custom_metadata",
        "status_code_and_message", "special_status_message", "unimplemented_method", "unimplemented_service", "rpc_soak", "channel_soak",
    ];

    /// <summary>The cases of our client: all but the probes, for no peer's server sees whether a request was compressed.</summary>
    public static TheoryData<string> OfOurClient => [.. InteropCases.All.Except(InteropCases.Probes).Select(item => item.Name)];
}
