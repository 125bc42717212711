using Grpc.Core;

namespace Examples.Inspect.Streaming;

/// <summary>Says which plugin a call failed at, and what it said.</summary>
internal static class PluginFailure
{
    /// <summary>What to throw in place of <paramref name="failure"/>: a sentence, or the cancellation that was asked for.</summary>
    public static Exception Of(string plugin, RpcException failure, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(cancellationToken)
            : new InspectException($"The plugin '{plugin}' failed with {failure.StatusCode}: {failure.Status.Detail}");
}
