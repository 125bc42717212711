using Grpc.Core;

namespace Plugwire.Handling;

/// <summary>
/// What a contract's methods do where the class that implements it leaves them out, so that a contract may grow and its plugins and fakes still compile.
/// Called by generated code.
/// </summary>
public static class Unimplemented
{
    /// <summary>The task of a method with one response. It has failed already.</summary>
    /// <typeparam name="TResponse">The response's type.</typeparam>
    /// <param name="implementation">What leaves the method out.</param>
    /// <param name="method">The method's full name, such as <c>examples.inspection.v1.Inspector/Describe</c>.</param>
    /// <returns>A task that fails with an <see cref="RpcException"/> of <see cref="StatusCode.Unimplemented"/>.</returns>
    public static ValueTask<TResponse> Response<TResponse>(object implementation, string method) =>
        ValueTask.FromException<TResponse>(Failure(implementation, method));

    /// <summary>The stream of a method with many responses. It fails when it is enumerated, as every failure of a stream does.</summary>
    /// <typeparam name="TResponse">The responses' type.</typeparam>
    /// <param name="implementation">What leaves the method out.</param>
    /// <param name="method">The method's full name, such as <c>examples.inspection.v1.Inspector/Inspect</c>.</param>
    /// <returns>A stream whose first step fails with an <see cref="RpcException"/> of <see cref="StatusCode.Unimplemented"/>.</returns>
    public static async IAsyncEnumerable<TResponse> Responses<TResponse>(object implementation, string method)
    {
        await Task.FromException(Failure(implementation, method)).ConfigureAwait(false);
        yield break;
    }

    private static RpcException Failure(object implementation, string method)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        ArgumentNullException.ThrowIfNull(method);
        return new RpcException(new Status(StatusCode.Unimplemented, $"{method} is not implemented: {implementation.GetType().Name} leaves it out."));
    }
}
