using Google.Protobuf;
using Grpc.Core;
using Plugwire.Shapes;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionResponse;

namespace Plugwire.Hosting.Checking;

/// <summary>The questions to a plugin's reflection service. Each is a call of its own, complete with its one question: a server may not answer, nor refuse, before that.</summary>
internal sealed class ReflectionClient
{
    private readonly Method<ServerReflectionRequest, ServerReflectionResponse> _method;
    private readonly CallInvoker _control;
    private readonly CancellationToken _cancellationToken;

    private ReflectionClient(Method<ServerReflectionRequest, ServerReflectionResponse> method, CallInvoker control, CancellationToken cancellationToken)
    {
        _method = method;
        _control = control;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The names of the plugin's services; null when it does not tell.</summary>
    public IReadOnlySet<string>? Services { get; private set; }

    /// <summary>Begins with the list of services, because only an answer tells whether the service is there.</summary>
    /// <returns>Null when the plugin has no reflection service.</returns>
    /// <exception cref="RpcException">A call failed.</exception>
    /// <exception cref="BadContractException">The answer is none.</exception>
    public static async Task<ReflectionClient?> FindAsync(CallInvoker control, CancellationToken cancellationToken) =>
        await TryFindAsync(ReflectionMethods.V1, control, cancellationToken).ConfigureAwait(false)
        ?? await TryFindAsync(ReflectionMethods.V1Alpha, control, cancellationToken).ConfigureAwait(false);

    /// <summary>The serialized files that a plugin answers; null when it answers by an error, whichever.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="BadContractException">The answer is none.</exception>
    public async Task<IReadOnlyList<ByteString>?> AskForFilesAsync(ServerReflectionRequest question)
    {
        var answer = await AskAsync(question).ConfigureAwait(false);
        return answer.MessageResponseCase switch
        {
            MessageResponseOneofCase.FileDescriptorResponse => answer.FileDescriptorResponse.FileDescriptorProto,
            MessageResponseOneofCase.ErrorResponse => null,
            _ => throw Unexpected(question, answer),
        };
    }

    private static async Task<ReflectionClient?> TryFindAsync(
        Method<ServerReflectionRequest, ServerReflectionResponse> method, CallInvoker control, CancellationToken cancellationToken)
    {
        var client = new ReflectionClient(method, control, cancellationToken);
        try
        {
            await client.ListServicesAsync().ConfigureAwait(false);
            return client;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unimplemented)
        {
            return null;
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
        using var call = _control.AsyncDuplexStreamingCall(_method, host: null, new CallOptions(cancellationToken: _cancellationToken));
        try
        {
            await call.RequestStream.WriteAsync(question, _cancellationToken).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException)
        {
            // The call is over; why, the responses tell.
        }

        return await call.ResponseStream.MoveNext(_cancellationToken).ConfigureAwait(false)
            ? call.ResponseStream.Current
            : throw new BadContractException("its reflection service ends its answers without a word.");
    }

    private static BadContractException Unexpected(ServerReflectionRequest question, ServerReflectionResponse answer) =>
        new($"its reflection service answers {question.MessageRequestCase} by {(answer.MessageResponseCase == MessageResponseOneofCase.None ? "nothing" : answer.MessageResponseCase)}.");
}
