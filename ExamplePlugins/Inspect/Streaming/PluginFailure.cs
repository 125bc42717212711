using Grpc.Core;

namespace Examples.Inspect.Streaming;

/// <summary>Says which plugin a call failed at, and what it said. A cancelled call is no failure: a contract tells it by an exception of its own.</summary>
internal static class PluginFailure
{
    public static InspectException Of(string plugin, RpcException failure) =>
        new($"The plugin '{plugin}' failed with {failure.StatusCode}: {failure.Status.Detail}", failure);

    /// <summary>Of a call that ended well before all was sent to it.</summary>
    public static InspectException OfEarlyEnd(string plugin) =>
        new($"The plugin '{plugin}' ended its work before all was sent to it, and did not say why.");
}
