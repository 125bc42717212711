using Grpc.Core;

namespace Plugwire.Testing.Probes.Observing;

/// <summary>How far a handler has come.</summary>
internal readonly record struct CallProgress(
    long RequestsRead, bool HasReadAllRequests, long ResponsesWritten, long ResponseBytes, bool IsWriteWaiting, CallCancellation Cancellation, Status? Status, Exception? Failure);
