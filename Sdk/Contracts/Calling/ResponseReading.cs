using Grpc.Core;

namespace Plugwire.Calling;

/// <summary>Brings what comes back beside the messages of one call into the object that its caller passed in.</summary>
internal sealed class ResponseReading(CallResponse response, Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers)
{
    private bool _hasHeaders;

    /// <summary>The headers; they are there when the first message is.</summary>
    public async Task ReadHeadersAsync()
    {
        response.ReadHeaders(await headers.ConfigureAwait(false));
        _hasHeaders = true;
    }

    /// <summary>The end of a call that has ended, well or not.</summary>
    /// <param name="failure">What it failed with; null if it did not.</param>
    public async Task ReadEndAsync(Exception? failure)
    {
        switch (failure)
        {
            case null:
                response.ReadEnd(status(), trailers());
                break;
            case RpcException rpc:
                response.ReadEnd(rpc.Status, rpc.Trailers);
                break;
            default:
                // A channel may tell cancellation in its own way, or refuse a call before there is one.
                response.ReadEnd(new Status(failure is OperationCanceledException ? StatusCode.Cancelled : StatusCode.Unknown, failure.Message, failure), trailers: null);
                break;
        }

        // A call that failed before it had any says so here once more.
        await ((Task)headers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ReadHeadersIfThere();
    }

    /// <summary>The end of a call that its caller ends by turning away.</summary>
    public void ReadAbandoned()
    {
        response.ReadEnd(new Status(StatusCode.Cancelled, "The caller stopped reading."), trailers: null);
        ReadHeadersIfThere();
    }

    private void ReadHeadersIfThere()
    {
        if (!_hasHeaders && headers.IsCompletedSuccessfully)
            response.ReadHeaders(headers.GetAwaiter().GetResult());
    }
}
