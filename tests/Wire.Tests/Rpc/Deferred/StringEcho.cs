using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc.Deferred;

/// <summary>All four kinds of calls, on strings.</summary>
internal static class StringEcho
{
    public static readonly Method<string, string> Unary = Create(MethodType.Unary, "Unary");
    public static readonly Method<string, string> ClientStreaming = Create(MethodType.ClientStreaming, "ClientStreaming");
    public static readonly Method<string, string> ServerStreaming = Create(MethodType.ServerStreaming, "ServerStreaming");
    public static readonly Method<string, string> Duplex = Create(MethodType.DuplexStreaming, "Duplex");

    public static ServerServiceDefinition Bind() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Unary, (request, context) =>
        {
            context.ResponseTrailers.Add("kind", "unary");
            return Task.FromResult(request.ToUpperInvariant());
        })
        .AddMethod(ClientStreaming, async (requests, _) =>
        {
            var all = new List<string>();
            while (await requests.MoveNext(CancellationToken.None))
                all.Add(requests.Current);
            return string.Join('+', all);
        })
        .AddMethod(ServerStreaming, async (request, responses, _) =>
        {
            foreach (var part in request.Split('+'))
                await responses.WriteAsync(part);
        })
        .AddMethod(Duplex, async (requests, responses, _) =>
        {
            while (await requests.MoveNext(CancellationToken.None))
                await responses.WriteAsync(requests.Current.ToUpperInvariant());
        })
        .Build();

    private static Method<string, string> Create(MethodType type, string name) =>
        new(type, "tests.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
