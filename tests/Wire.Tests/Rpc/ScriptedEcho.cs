using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The test's service: each method does what the test says.</summary>
internal sealed class ScriptedEcho : Echo.EchoBase
{
    public UnaryServerMethod<EchoRequest, EchoReply> OnUnary { get; set; } = (request, _) => Task.FromResult(Reply(request));

    public ClientStreamingServerMethod<EchoRequest, EchoReply> OnClientStream { get; set; } = async (requests, _) =>
    {
        var count = 0;
        while (await requests.MoveNext())
            count++;
        return new EchoReply { Count = count };
    };

    public ServerStreamingServerMethod<EchoRequest, EchoReply> OnServerStream { get; set; } = async (request, replies, _) =>
    {
        for (var i = 0; i < request.Count; i++)
            await replies.WriteAsync(new EchoReply { Text = request.Text, Payload = request.Payload, Count = i });
    };

    public DuplexStreamingServerMethod<EchoRequest, EchoReply> OnDuplex { get; set; } = async (requests, replies, _) =>
    {
        while (await requests.MoveNext())
            await replies.WriteAsync(Reply(requests.Current));
    };

    public static EchoReply Reply(EchoRequest request) => new() { Text = request.Text, Payload = request.Payload, Count = request.Count };

    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) => OnUnary(request, context);

    public override Task<EchoReply> ClientStream(IAsyncStreamReader<EchoRequest> requests, ServerCallContext context) => OnClientStream(requests, context);

    public override Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> replies, ServerCallContext context) =>
        OnServerStream(request, replies, context);

    public override Task Duplex(IAsyncStreamReader<EchoRequest> requests, IServerStreamWriter<EchoReply> replies, ServerCallContext context) =>
        OnDuplex(requests, replies, context);
}
