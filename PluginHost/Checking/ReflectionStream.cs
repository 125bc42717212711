using Grpc.Core;
using Plugwire.Shapes;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionResponse;

namespace Plugwire.Hosting.Checking;

/// <summary>The questions to a plugin's reflection service, one after the other on one call. For one user at a time; disposing it ends the call.</summary>
internal sealed class ReflectionStream : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> _call;
    private readonly CancellationToken _cancellationToken;

    private ReflectionStream(AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, CancellationToken cancellationToken)
    {
        _call = call;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The names of the plugin's services; null when it does not tell.</summary>
    public IReadOnlySet<string>? Services { get; private set; }

    /// <summary>Begins with the list of services, because only an answer tells whether the service is there.</summary>
    /// <returns>Null when the plugin has no reflection service.</returns>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="BadContractException">The answer is none.</exception>
    public static async Task<ReflectionStream?> OpenAsync(CallInvoker control, CancellationToken cancellationToken) =>
        await TryOpenAsync(ReflectionMethods.V1, control, cancellationToken).ConfigureAwait(false)
        ?? await TryOpenAsync(ReflectionMethods.V1Alpha, control, cancellationToken).ConfigureAwait(false);

    /// <summary>The serialized files that a plugin answers; null when it answers by an error, whichever.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="BadContractException">The answer is none.</exception>
    public async Task<IReadOnlyList<Google.Protobuf.ByteString>?> AskForFilesAsync(ServerReflectionRequest question)
    {
        var answer = await AskAsync(question).ConfigureAwait(false);
        return answer.MessageResponseCase switch
        {
            MessageResponseOneofCase.FileDescriptorResponse => answer.FileDescriptorResponse.FileDescriptorProto,
            MessageResponseOneofCase.ErrorResponse => null,
            _ => throw Unexpected(question, answer),
        };
    }

    public void Dispose() => _call.Dispose();

    private static async Task<ReflectionStream?> TryOpenAsync(
        Method<ServerReflectionRequest, ServerReflectionResponse> method, CallInvoker control, CancellationToken cancellationToken)
    {
        var stream = new ReflectionStream(control.AsyncDuplexStreamingCall(method, host: null, new CallOptions(cancellationToken: cancellationToken)), cancellationToken);
        try
        {
            await stream.ListServicesAsync().ConfigureAwait(false);
            return stream;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unimplemented)
        {
            stream.Dispose();
            return null;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private async Task ListServicesAsync()
    {
        var question = new ServerReflectionRequest { ListServices = "" };
        var answer = await AskAsync(question).ConfigureAwait(false);
        Services = answer.MessageResponseCase switch
        {
            MessageResponseOneofCase.ListServicesResponse => new HashSet<string>(answer.ListServicesResponse.Service.Select(service => service.Name), StringComparer.Ordinal),
            MessageResponseOneofCase.ErrorResponse => null,
            _ => throw Unexpected(question, answer),
        };
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest question)
    {
        try
        {
            await _call.RequestStream.WriteAsync(question, _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException)
        {
            // The call is over; why, the responses tell.
        }

        return await _call.ResponseStream.MoveNext(_cancellationToken).ConfigureAwait(false)
            ? _call.ResponseStream.Current
            : throw new BadContractException("its reflection service ends its answers without a word.");
    }

    private static BadContractException Unexpected(ServerReflectionRequest question, ServerReflectionResponse answer) =>
        new($"its reflection service answers {question.MessageRequestCase} by {(answer.MessageResponseCase == MessageResponseOneofCase.None ? "nothing" : answer.MessageResponseCase)}.");
}
