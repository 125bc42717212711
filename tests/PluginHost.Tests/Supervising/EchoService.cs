using Grpc.Core;

namespace Plugwire.Hosting.Tests.Supervising;

/// <summary>A service of all four kinds of calls, on strings.</summary>
internal static class EchoService
{
    public static readonly Method<string, string> Unary = Create(MethodType.Unary, "Unary");
    public static readonly Method<string, string> ClientStreaming = Create(MethodType.ClientStreaming, "ClientStreaming");
    public static readonly Method<string, string> ServerStreaming = Create(MethodType.ServerStreaming, "ServerStreaming");
    public static readonly Method<string, string> Duplex = Create(MethodType.DuplexStreaming, "Duplex");
    public static readonly Method<string, string> Hanging = Create(MethodType.Unary, "Hanging");

    public static ServerServiceDefinition Bind(ServedPlugin? plugin = null) => ServerServiceDefinition.CreateBuilder()
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
        .AddMethod(Hanging, async (request, context) =>
        {
            plugin?.CallHangs.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            return request;
        })
        .Build();

    private static Method<string, string> Create(MethodType type, string name) =>
        new(type, "tests.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
