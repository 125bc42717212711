using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>Requests that say whether they are compressed.</summary>
internal static class CompressedRequests
{
    /// <summary>Of a call in which each message may be compressed.</summary>
    public static CallOptions Options(InteropRun run, bool compressed) =>
        run.CallOptions(new Metadata { { MessageEncoding.RequestKey, MessageEncoding.Gzip } }).WithWriteOptions(MessageEncoding.Options(compressed));

    public static SimpleRequest Simple(bool says) =>
        new() { ExpectCompressed = new BoolValue { Value = says }, ResponseSize = 314_159, Payload = Payloads.Create(271_828) };

    public static StreamingInputCallRequest Streamed(bool says, int size) =>
        new() { ExpectCompressed = new BoolValue { Value = says }, Payload = Payloads.Create(size) };
}
