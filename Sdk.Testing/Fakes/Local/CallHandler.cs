using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>Handles calls of any kind: a unary call is one with one message each way.</summary>
internal delegate Task CallHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
