using Grpc.Core;

namespace Plugwire.Errors;

/// <summary>
/// The one place that says which status a handler's exception becomes. docs/errors.md is this table for people.
/// </summary>
/// <remarks>
/// What is here says what the caller did wrong, or asked for in vain, in the words of .NET; so its message crosses. Everything else is the handler's own trouble. A
/// <see cref="TimeoutException"/> is none of these: DeadlineExceeded says that this call's own time is over, and callers rely on that. Nor is an <see cref="InvalidOperationException"/>: as a
/// rule it is a bug, with a message for whoever mends it. A handler that means such a status throws an <see cref="RpcException"/>.
/// </remarks>
internal static class HandlerError
{
    /// <summary>The exception that tells the status; null for what is left to the server as it is.</summary>
    /// <param name="exception">What the handler threw.</param>
    /// <param name="cancellationToken">The handler's.</param>
    public static RpcException? ToStatus(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ArgumentException => Create(StatusCode.InvalidArgument, exception),
        KeyNotFoundException or FileNotFoundException or DirectoryNotFoundException => Create(StatusCode.NotFound, exception),
        UnauthorizedAccessException => Create(StatusCode.PermissionDenied, exception),
        NotImplementedException or NotSupportedException => Create(StatusCode.Unimplemented, exception),
        OperationCanceledException when cancellationToken.IsCancellationRequested => new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled.", exception)),
        _ => null,
    };

    private static RpcException Create(StatusCode code, Exception exception) => new(new Status(code, exception.Message, exception), exception.Message);
}
