using Google.Protobuf;
using Plugwire.Testing.Probes;

namespace Plugwire.Testing;

/// <summary>Begins a call of each kind with a probe at its caller's end. The method comes from a typed contract: <c>CallProbe.Start(inspector.InspectAsync, files)</c>.</summary>
public static class CallProbe
{
    /// <summary>Begins a call with one request and one response.</summary>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <typeparam name="TResponse">The response's type.</typeparam>
    /// <param name="method">The contract's method.</param>
    /// <param name="request">The request.</param>
    /// <param name="call">What travels with the call.</param>
    /// <returns>The call; its response is a stream of one message.</returns>
    public static CallerCall<TResponse> Start<TRequest, TResponse>(Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>> method, TRequest request, CallContext call = default)
        where TRequest : class, IMessage
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        return CallerCall<TResponse>.Begin((context, cancellationToken) => OneMessage.Of(method(request, context, cancellationToken)), call);
    }

    /// <summary>Begins a call with a stream of requests and one response.</summary>
    /// <typeparam name="TRequest">The requests' type.</typeparam>
    /// <typeparam name="TResponse">The response's type.</typeparam>
    /// <param name="method">The contract's method.</param>
    /// <param name="requests">The requests, such as a <see cref="StreamSource{T}"/> that the test feeds.</param>
    /// <param name="call">What travels with the call.</param>
    /// <returns>The call; its response is a stream of one message.</returns>
    public static CallerCall<TResponse> Start<TRequest, TResponse>(
        Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>> method, IAsyncEnumerable<TRequest> requests, CallContext call = default)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        return CallerCall<TResponse>.Begin((context, cancellationToken) => OneMessage.Of(method(requests, context, cancellationToken)), call);
    }

    /// <summary>Begins a call with one request and a stream of responses. The first response is asked for with that, as there is no call before.</summary>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <typeparam name="TResponse">The responses' type.</typeparam>
    /// <param name="method">The contract's method.</param>
    /// <param name="request">The request.</param>
    /// <param name="call">What travels with the call.</param>
    public static CallerCall<TResponse> Start<TRequest, TResponse>(
        Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>> method, TRequest request, CallContext call = default)
        where TRequest : class, IMessage
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        return CallerCall<TResponse>.Begin((context, cancellationToken) => method(request, context, cancellationToken), call);
    }

    /// <summary>Begins a call with a stream of requests and a stream of responses. The first response is asked for with that, as there is no call before.</summary>
    /// <typeparam name="TRequest">The requests' type.</typeparam>
    /// <typeparam name="TResponse">The responses' type.</typeparam>
    /// <param name="method">The contract's method.</param>
    /// <param name="requests">The requests, such as a <see cref="StreamSource{T}"/> that the test feeds.</param>
    /// <param name="call">What travels with the call.</param>
    public static CallerCall<TResponse> Start<TRequest, TResponse>(
        Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>> method, IAsyncEnumerable<TRequest> requests, CallContext call = default)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        return CallerCall<TResponse>.Begin((context, cancellationToken) => method(requests, context, cancellationToken), call);
    }
}
