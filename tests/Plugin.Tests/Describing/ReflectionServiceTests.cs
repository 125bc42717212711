using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Launching;
using Plugwire.Tests.Running;
using Plugwire.Tests.Serving;
using Plugwire.Wire.Services.Reflection;

namespace Plugwire.Tests.Describing;

public sealed class ReflectionServiceTests
{
    private const string EchoFile = "echo.proto";
    private const string DescribedFile = "Describing/described.proto";
    private const string Prefix = "plugwire.tests.described.v1.";

    private readonly FakeLaunch _launch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListServices_OfAPlugin_NamesTheAuthorsAndTheSdksOwn()
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());

        var response = await AskAsync(plugin, new ServerReflectionRequest { ListServices = "" });

        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "plugin.GRPCController", "plugin.GRPCStdio",
                "plugwire.control.v1.Control", "plugwire.tests.described.v1.Described", "plugwire.tests.echo.v1.Echo",
            ],
            response.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData("Described")]
    [InlineData("Described.Look")]
    [InlineData("Outer")]
    [InlineData("Outer.Inner")]
    [InlineData("Outer.inner")]
    [InlineData("Outer.choice")]
    [InlineData("Outer.Inner.Kind")]
    [InlineData("Outer.Inner.SOME")]
    [InlineData("Outer.Inner.inner_note")]
    [InlineData("note")]
    public async Task Symbol_OfEachKind_IsFoundInItsFile(string symbol)
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());

        var files = Files(await AskAsync(plugin, new ServerReflectionRequest { FileContainingSymbol = Prefix + symbol }));

        Assert.Equal(DescribedFile, files[0].Name);
    }

    [Theory]
    [InlineData("plugwire.tests.echo.v1.Echo", EchoFile)]
    [InlineData("plugwire.tests.echo.v1.Text", EchoFile)]
    [InlineData("google.protobuf.Timestamp", "google/protobuf/timestamp.proto")]
    [InlineData("grpc.health.v1.Health", "grpc/health/v1/health.proto")]
    [InlineData("plugin.GRPCController", "plugin/grpc_controller.proto")]
    [InlineData("plugin.GRPCStdio", "plugin/grpc_stdio.proto")]
    [InlineData("plugwire.control.v1.Control", "plugwire/control/v1/control.proto")]
    [InlineData("grpc.reflection.v1.ServerReflection", "grpc/reflection/v1/reflection.proto")]
    public async Task Symbol_OfAnImportOrAnotherService_IsFoundInItsFile(string symbol, string file)
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());

        Assert.Equal(file, Files(await AskAsync(plugin, new ServerReflectionRequest { FileContainingSymbol = symbol }))[0].Name);
        Assert.Equal(file, Files(await AskAsync(plugin, new ServerReflectionRequest { FileByFilename = file }))[0].Name);
    }

    [Fact]
    public async Task File_AskedForAgain_ComesWithoutTheImportsThatHaveBeenSent()
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());
        using var call = Call(plugin);

        var first = Files(await AskAsync(call, new ServerReflectionRequest { FileByFilename = DescribedFile }));
        var second = Files(await AskAsync(call, new ServerReflectionRequest { FileByFilename = DescribedFile }));
        var import = Files(await AskAsync(call, new ServerReflectionRequest { FileByFilename = EchoFile }));

        Assert.Equal([DescribedFile, EchoFile, "google/protobuf/timestamp.proto"], first.Select(file => file.Name));
        Assert.Equal([DescribedFile], second.Select(file => file.Name));
        Assert.Equal([EchoFile], import.Select(file => file.Name));
        Assert.Equal(Echo.Descriptor.File.ToProto(), import[0]);
    }

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    public async Task Extension_ThatThereIs_IsFoundInItsFile(int number)
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());

        var request = new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = Prefix + "Open", ExtensionNumber = number } };

        Assert.Equal(DescribedFile, Files(await AskAsync(plugin, request))[0].Name);
    }

    [Fact]
    public async Task ExtensionNumbers_OfAMessage_AreAllItsNumbers()
    {
        await using var plugin = await StartAsync(builder => builder.AddService<DescribedService>());

        var open = (await AskAsync(plugin, new ServerReflectionRequest { AllExtensionNumbersOfType = Prefix + "Open" })).AllExtensionNumbersResponse;
        var closed = (await AskAsync(plugin, new ServerReflectionRequest { AllExtensionNumbersOfType = Prefix + "Closed" })).AllExtensionNumbersResponse;

        Assert.Equal((Prefix + "Open", Prefix + "Closed"), (open.BaseTypeName, closed.BaseTypeName));
        Assert.Equal([101, 102], open.ExtensionNumber);
        Assert.Empty(closed.ExtensionNumber);
    }

    public static TheoryData<string, int, string> BadQuestions() => new()
    {
        { """{ "fileByFilename": "no.proto" }""", 5, "The plugin knows no file 'no.proto'." },
        { """{ "fileByFilename": "" }""", 5, "The plugin knows no file ''." },
        { """{ "fileContainingSymbol": "no.Such" }""", 5, "The plugin knows no symbol 'no.Such'." },
        { """{ "fileContainingSymbol": ".plugwire.tests.echo.v1.Echo" }""", 5, "The plugin knows no symbol '.plugwire.tests.echo.v1.Echo'." },
        { """{ "fileContainingExtension": { "containingType": "plugwire.tests.echo.v1.Text", "extensionNumber": 1 } }""", 5, "The plugin knows no such extension of 'plugwire.tests.echo.v1.Text'." },
        { """{ "fileContainingExtension": { "containingType": "no.Such", "extensionNumber": -1 } }""", 5, "The plugin knows no such extension of 'no.Such'." },
        { """{ "allExtensionNumbersOfType": "no.Such" }""", 5, "The plugin knows no message 'no.Such'." },
        { """{ "allExtensionNumbersOfType": "plugwire.tests.echo.v1.Echo" }""", 5, "The plugin knows no message 'plugwire.tests.echo.v1.Echo'." },
        { """{ "host": "somewhere" }""", 3, "The request asks for nothing that this service knows." },
    };

    [Theory]
    [MemberData(nameof(BadQuestions))]
    public async Task Question_ThatHasNoAnswer_IsAnErrorAndTheStreamGoesOn(string json, int code, string message)
    {
        await using var plugin = await StartAsync();
        using var call = Call(plugin);
        var request = ServerReflectionRequest.Parser.ParseJson(json);

        var response = await AskAsync(call, request);

        Assert.Equal((code, message), (response.ErrorResponse.ErrorCode, response.ErrorResponse.ErrorMessage));
        Assert.Equal(request, response.OriginalRequest);
        Assert.Equal(request.Host, response.ValidHost);
        Assert.Equal(EchoFile, Files(await AskAsync(call, new ServerReflectionRequest { FileByFilename = EchoFile }))[0].Name);
    }

    [Fact]
    public async Task Question_OfAnyLength_IsQuotedInPart()
    {
        await using var plugin = await StartAsync();

        var response = await AskAsync(plugin, new ServerReflectionRequest { FileContainingSymbol = new string('x', 1_000_000) });

        Assert.Equal($"The plugin knows no symbol '{new string('x', 200)}…'.", response.ErrorResponse.ErrorMessage);
    }

    [Fact]
    public async Task Service_BoundByHand_IsListedWithoutADescriptor()
    {
        await using var plugin = await ServedPlugin.StartAsync(_launch, builder =>
        {
            builder.Services.AddSingleton(new Journal());
            builder.AddService<EchoService>(Echo.BindService);
        });
        using var call = Call(plugin);

        var list = (await AskAsync(call, new ServerReflectionRequest { ListServices = "*" })).ListServicesResponse.Service;
        var file = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "plugwire.tests.echo.v1.Echo" });

        Assert.Contains(list, service => service.Name == "plugwire.tests.echo.v1.Echo");
        Assert.Equal((int)StatusCode.NotFound, file.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task Contract_ServedByAnObject_IsDescribedWhenItIsAskedForAndNotBefore()
    {
        await using var plugin = await ServedPlugin.StartAsync(_launch, builder => builder.AddContract<IEcho>(new EchoImplementation()));
        using var call = Call(plugin);
        var before = IEcho.DescriptorsRead;

        await AskAsync(call, new ServerReflectionRequest { ListServices = "" });
        var afterList = IEcho.DescriptorsRead;
        var files = Files(await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "plugwire.tests.echo.v1.Echo.Unary" }));
        await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "plugwire.tests.echo.v1.Echo.Unary" });

        Assert.Equal(EchoFile, files[0].Name);
        Assert.Equal((0, 0, 1), (before, afterList, IEcho.DescriptorsRead));
    }

    [Fact]
    public async Task Stream_ThatIsLeftOpen_EndsWithThePlugin()
    {
        await using var plugin = await StartAsync();
        using var call = Call(plugin);
        await AskAsync(call, new ServerReflectionRequest { ListServices = "" });

        var stop = plugin.StopAsync(TimeSpan.FromMinutes(1));

        Assert.False(await call.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        await stop.Within();
    }

    [Fact]
    public async Task Stream_ThatIsCompleted_Ends()
    {
        await using var plugin = await StartAsync();
        using var call = Call(plugin);
        await AskAsync(call, new ServerReflectionRequest { ListServices = "" });

        await call.RequestStream.CompleteAsync().Within();

        Assert.False(await call.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private Task<ServedPlugin> StartAsync(Action<PluginApplicationBuilder>? configure = null) => ServedPlugin.StartAsync(_launch, builder =>
    {
        builder.Services.AddSingleton(new Journal());
        builder.AddService<EchoService>();
        configure?.Invoke(builder);
    });

    private static AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> Call(ServedPlugin plugin) =>
        new ServerReflection.ServerReflectionClient(plugin.Invoker).ServerReflectionInfo(cancellationToken: Token);

    private static async Task<ServerReflectionResponse> AskAsync(ServedPlugin plugin, ServerReflectionRequest request)
    {
        using var call = Call(plugin);
        return await AskAsync(call, request);
    }

    private static async Task<ServerReflectionResponse> AskAsync(AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request, Token).Within();
        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        return call.ResponseStream.Current;
    }

    private static FileDescriptorProto[] Files(ServerReflectionResponse response)
    {
        Assert.Equal(ServerReflectionResponse.MessageResponseOneofCase.FileDescriptorResponse, response.MessageResponseCase);
        return [.. response.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)];
    }

    private sealed class EchoImplementation : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call, CancellationToken cancellationToken) => new(request);
    }
}
