using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionRequest;

namespace Plugwire.Hosting.Tests.Checking;

/// <summary>The reflection service of a plugin, which answers what a test wants; if it wants nothing else, what its files say.</summary>
internal sealed class ScriptedReflection
{
    private static readonly Marshaller<ServerReflectionRequest> Requests = Marshallers.Create(MessageExtensions.ToByteArray, ServerReflectionRequest.Parser.ParseFrom);
    private static readonly Marshaller<byte[]> Responses = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    public ScriptedReflection(params FileDescriptorProto[] files)
    {
        Files = [.. files];
        Services = [.. files.SelectMany(file => file.Service.Select(service => $"{file.Package}.{service.Name}"))];
        Answer = AnswerHonestly;
    }

    /// <summary>The files as the host has them, to be changed.</summary>
    public static FileDescriptorProto[] AsTheHostHasThem => [Catalog.Descriptor.File.ToProto(), PartsReflection.Descriptor.ToProto()];

    public List<FileDescriptorProto> Files { get; }

    public List<string> Services { get; }

    /// <summary>Null ends the stream.</summary>
    public Func<ServerReflectionRequest, ServerReflectionResponse?> Answer { get; set; }

    /// <summary>Bytes in place of an answer; for answers that no message of ours is.</summary>
    public Func<ServerReflectionRequest, byte[]?> AnswerBytes { get; set; } = _ => null;

    /// <summary>What happens before each answer.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Answers nothing before all questions of a call have been asked, as some servers do.</summary>
    public bool AnswersAtTheEnd { get; init; }

    public ConcurrentQueue<MessageRequestOneofCase> Asked { get; } = new();

    public void AddTo(ServedPlugin plugin, string version = "v1") => plugin.Methods.AddMethod(
        new Method<ServerReflectionRequest, byte[]>(MethodType.DuplexStreaming, $"grpc.reflection.{version}.ServerReflection", "ServerReflectionInfo", Requests, Responses),
        ServeAsync);

    public ServerReflectionResponse AnswerHonestly(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { OriginalRequest = request };
        if (request.MessageRequestCase == MessageRequestOneofCase.ListServices)
        {
            response.ListServicesResponse = new() { Service = { Services.Select(name => new ServiceResponse { Name = name }) } };
            return response;
        }

        var file = request.MessageRequestCase == MessageRequestOneofCase.FileByFilename
            ? Files.Find(file => file.Name == request.FileByFilename)
            : Files.Find(file => file.Service.Any(service => $"{file.Package}.{service.Name}" == request.FileContainingSymbol));
        if (file is null)
            response.ErrorResponse = new() { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = "It is not there." };
        else
            response.FileDescriptorResponse = new() { FileDescriptorProto = { file.ToByteString() } };
        return response;
    }

    private async Task ServeAsync(IAsyncStreamReader<ServerReflectionRequest> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        var late = new Queue<byte[]>();
        while (await requests.MoveNext(context.CancellationToken))
        {
            Asked.Enqueue(requests.Current.MessageRequestCase);
            await Before(context.CancellationToken);
            if ((AnswerBytes(requests.Current) ?? Answer(requests.Current)?.ToByteArray()) is not { } answer)
                return;
            if (AnswersAtTheEnd)
                late.Enqueue(answer);
            else
                await responses.WriteAsync(answer);
        }

        while (late.TryDequeue(out var answer))
            await responses.WriteAsync(answer);
    }
}
