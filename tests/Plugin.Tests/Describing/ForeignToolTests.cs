using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Serving;
using Plugwire.Wire.Launching;

namespace Plugwire.Tests.Describing;

/// <summary>What a tool does with a plugin of which it knows nothing but the socket, on libraries of others.</summary>
public sealed class ForeignToolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeLaunch _launch = new();

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tool_KnowingNothing_ListsDescribesAndCalls()
    {
        _launch[LaunchVariables.SocketDirectory] = _directory.Path;
        var builder = _launch.CreateBuilder();
        builder.Services.AddSingleton(new Journal());
        builder.AddService<EchoService>();
        await using var application = builder.Build();
        var run = application.RunAsync(Token);
        using var channel = Connect((await _launch.Handshake.Within()).Split('|')[3]);

        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: Token);
        var services = (await AskAsync(call, new ServerReflectionRequest { ListServices = "" })).ListServicesResponse.Service.Select(service => service.Name);
        var files = new List<ByteString>();
        foreach (var service in services)
            files.AddRange((await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = service })).FileDescriptorResponse.FileDescriptorProto);
        await call.RequestStream.CompleteAsync();

        // Everything that was sent holds together: the library builds it without anything else.
        var built = FileDescriptor.BuildFromByteStrings(InOrder(files));
        var echo = built.SelectMany(file => file.Services).Single(service => service.FullName == "plugwire.tests.echo.v1.Echo");
        Assert.Equal(["Unary", "Collect", "Repeat", "Both"], echo.Methods.Select(method => method.Name));
        Assert.Equal("value", echo.Methods[0].InputType.FindFieldByNumber(1).Name);

        // A message with field 1, "x", put together from that.
        var method = new Method<byte[], byte[]>(MethodType.Unary, echo.FullName, echo.Methods[0].Name, Bytes, Bytes);
        var answer = await channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), [0x0A, 1, (byte)'x']).ResponseAsync.Within();
        Assert.Equal([0x0A, 3, .. "x 1"u8], answer);

        await application.DisposeAsync();
        Assert.Equal(0, await run.Within());
    }

    private static GrpcChannel Connect(string path) => GrpcChannel.ForAddress("http://plugin", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
        DisposeHttpClient = true,
    });

    // Imports first, each file once.
    private static IEnumerable<ByteString> InOrder(IEnumerable<ByteString> files)
    {
        var waiting = files.Select(bytes => (Bytes: bytes, File: FileDescriptorProto.Parser.ParseFrom(bytes))).DistinctBy(file => file.File.Name).ToList();
        var done = new HashSet<string>();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(file => file.File.Dependency.All(done.Contains));
            Assert.NotNull(next.File);
            waiting.Remove(next);
            done.Add(next.File.Name);
            yield return next.Bytes;
        }
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        Assert.Null(call.ResponseStream.Current.ErrorResponse);
        return call.ResponseStream.Current;
    }
}
