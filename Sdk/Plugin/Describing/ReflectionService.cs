using Google.Protobuf.Reflection;
using Grpc.Core;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionRequest;

namespace Plugwire.Describing;

/// <summary>
/// The standard reflection service: says to hosts, and to tools such as grpcurl, what the plugin serves. A question that cannot be answered is answered by an error, and the stream goes on.
/// </summary>
/// <param name="descriptors">What is told.</param>
/// <param name="stopping">Fires when the plugin begins to stop. A stream ends then: who asks may leave it open for good.</param>
internal sealed class ReflectionService(ServedDescriptors descriptors, CancellationToken stopping) : ServerReflection.ServerReflectionBase
{
    private const int LongestQuote = 200;

    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var sent = new HashSet<FileDescriptor>();
        try
        {
            while (await requestStream.MoveNext(over.Token).ConfigureAwait(false))
                await responseStream.WriteAsync(Answer(requestStream.Current, sent), context.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // No answer is cut: only the waiting for another question has ended.
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request, HashSet<FileDescriptor> sent)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new() { Service = { descriptors.ServiceNames.Order(StringComparer.Ordinal).Select(name => new ServiceResponse { Name = name }) } };
                break;
            case MessageRequestOneofCase.FileByFilename:
                AnswerFile(response, descriptors.Index.FileNamed(request.FileByFilename), sent, "file", request.FileByFilename);
                break;
            case MessageRequestOneofCase.FileContainingSymbol:
                AnswerFile(response, descriptors.Index.FileDeclaring(request.FileContainingSymbol), sent, "symbol", request.FileContainingSymbol);
                break;
            case MessageRequestOneofCase.FileContainingExtension:
                var extension = request.FileContainingExtension;
                AnswerFile(response, descriptors.Index.FileExtending(extension.ContainingType, extension.ExtensionNumber), sent, "such extension of", extension.ContainingType);
                break;
            case MessageRequestOneofCase.AllExtensionNumbersOfType:
                AnswerNumbers(response, request.AllExtensionNumbersOfType);
                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing that this service knows.");
                break;
        }

        return response;
    }

    private void AnswerNumbers(ServerReflectionResponse response, string message)
    {
        if (descriptors.Index.ExtensionNumbersOf(message) is { } numbers)
            response.AllExtensionNumbersResponse = new() { BaseTypeName = message, ExtensionNumber = { numbers } };
        else
            response.ErrorResponse = NotFound("message", message);
    }

    // With all that it imports, so that who asks need not ask again; what went over this stream before is left out, but for the file that was asked for.
    private static void AnswerFile(ServerReflectionResponse response, FileDescriptor? file, HashSet<FileDescriptor> sent, string what, string name)
    {
        if (file is null)
        {
            response.ErrorResponse = NotFound(what, name);
            return;
        }

        sent.Add(file);
        response.FileDescriptorResponse = new() { FileDescriptorProto = { file.SerializedData } };
        var waiting = new Queue<FileDescriptor>(file.Dependencies);
        while (waiting.TryDequeue(out var import))
        {
            if (!sent.Add(import))
                continue;

            response.FileDescriptorResponse.FileDescriptorProto.Add(import.SerializedData);
            foreach (var next in import.Dependencies)
                waiting.Enqueue(next);
        }
    }

    private static ErrorResponse NotFound(string what, string name) =>
        Error(StatusCode.NotFound, $"The plugin knows no {what} '{(name.Length > LongestQuote ? name[..LongestQuote] + "…" : name)}'.");

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
}
