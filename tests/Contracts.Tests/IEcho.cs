using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Plugwire.Calling;
using Plugwire.Handling;

namespace Plugwire.Contracts.Tests;

/// <summary>The contract of the test's service, as the generator writes it.</summary>
internal partial interface IEcho : IContract<IEcho>
{
    ValueTask<EchoReply> UnaryAsync(EchoRequest request, CallContext call = default, CancellationToken cancellationToken = default) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Unary is not implemented."));

    ValueTask<EchoReply> UploadAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Upload is not implemented."));

    IAsyncEnumerable<EchoReply> DownloadAsync(EchoRequest request, CallContext call = default, CancellationToken cancellationToken = default) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Download is not implemented."));

    IAsyncEnumerable<EchoReply> DuplexAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Duplex is not implemented."));

    IAsyncEnumerable<BytesValue> PipeAsync(IAsyncEnumerable<BytesValue> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Pipe is not implemented."));

    static ContractDefinition<IEcho> IContract<IEcho>.Definition => Echo.Contract;
}

internal static partial class Echo
{
    // Of what stands in several parts of a class, nothing says which is initialized first.
    public static ContractDefinition<IEcho> Contract => ContractOfEcho.Definition;

    private sealed class ContractOfEcho(CallInvoker invoker, TimeProvider timeProvider) : ContractClient(invoker, timeProvider), IEcho
    {
        public static readonly ContractDefinition<IEcho> Definition = new(
            __ServiceName,
            static () => Descriptor,
            [
                new UnaryMethod<IEcho, EchoRequest, EchoReply>(__Method_Unary, static (contract, request, call, token) => contract.UnaryAsync(request, call, token)),
                new ClientStreamingMethod<IEcho, EchoRequest, EchoReply>(__Method_Upload, static (contract, requests, call, token) => contract.UploadAsync(requests, call, token)),
                new ServerStreamingMethod<IEcho, EchoRequest, EchoReply>(__Method_Download, static (contract, request, call, token) => contract.DownloadAsync(request, call, token)),
                new DuplexStreamingMethod<IEcho, EchoRequest, EchoReply>(__Method_Duplex, static (contract, requests, call, token) => contract.DuplexAsync(requests, call, token)),
                new DuplexStreamingMethod<IEcho, BytesValue, BytesValue>(__Method_Pipe, static (contract, requests, call, token) => contract.PipeAsync(requests, call, token)),
            ],
            static (invoker, timeProvider) => new ContractOfEcho(invoker, timeProvider));

        public ValueTask<EchoReply> UnaryAsync(EchoRequest request, CallContext call, CancellationToken cancellationToken) =>
            UnaryAsync(__Method_Unary, request, call, cancellationToken);

        public ValueTask<EchoReply> UploadAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call, CancellationToken cancellationToken) =>
            ClientStreamingAsync(__Method_Upload, requests, call, cancellationToken);

        public IAsyncEnumerable<EchoReply> DownloadAsync(EchoRequest request, CallContext call, CancellationToken cancellationToken) =>
            ServerStreaming(__Method_Download, request, call, cancellationToken);

        public IAsyncEnumerable<EchoReply> DuplexAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call, CancellationToken cancellationToken) =>
            DuplexStreaming(__Method_Duplex, requests, call, cancellationToken);

        public IAsyncEnumerable<BytesValue> PipeAsync(IAsyncEnumerable<BytesValue> requests, CallContext call, CancellationToken cancellationToken) =>
            DuplexStreaming(__Method_Pipe, requests, call, cancellationToken);
    }
}
