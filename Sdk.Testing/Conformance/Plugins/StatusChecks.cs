using System.Globalization;
using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>How calls fail.</summary>
internal static class StatusChecks
{
    private const string Message = "100 % “quoted”, with \t a tab,\n a line break and ünïcödé 世界 🦊";

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("status.code", "Every status code", "Each of gRPC's codes from 1 to 16 that a handler ends a call with reaches the caller.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                for (var code = (int)StatusCode.Cancelled; code <= (int)StatusCode.Unauthenticated; code++)
                    await FailsAsync(calls, new FailRequest { Code = code }, token).ConfigureAwait(false);
            }),
        PluginCheck.OfContract(
            new("status.message", "The text of a status", "A status message is any text: percent signs, line breaks and every script come over as they are.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                var failure = await FailsAsync(calls, new FailRequest { Code = (int)StatusCode.Internal, Message = Message }, token).ConfigureAwait(false);
                if (failure.Status.Detail != Message)
                    throw calls.Process.Failure($"The status message should be '{SubjectProcess.Shown(Message)}', and is '{SubjectProcess.Shown(failure.Status.Detail)}'.");
            }),
        PluginCheck.OfContract(
            new("status.details", "Details of a status", "A status carries details of any message type in the trailer grpc-status-details-bin.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                var details = new Payload[] { new() { Text = "first", Number = 1 }, new() { Text = "second", Data = Google.Protobuf.ByteString.CopyFrom(0, 255) } };
                var failure = await FailsAsync(calls, new FailRequest { Code = (int)StatusCode.InvalidArgument, Message = "With details.", Details = { details } }, token).ConfigureAwait(false);
                var found = failure.GetDetails().Where(any => any.Is(Payload.Descriptor)).Select(any => any.Unpack<Payload>()).ToArray();
                if (!found.SequenceEqual(details))
                    throw calls.Process.Failure($"The status should have {details.Length} details, {string.Join(", ", details.Select(detail => detail.ToString()))}, and has {found.Length}: {SubjectProcess.Shown(string.Join(", ", found.Select(detail => detail.ToString())))}.");
            }),
        PluginCheck.OfContract(
            new("status.after-messages", "A stream that fails", "A stream that fails brings the messages that were sent before, and then the status.", ConformanceSource.Grpc, Must),
            async (calls, token) => await FailsAsync(calls, new FailRequest { Code = (int)StatusCode.DataLoss, Messages = 3 }, token).ConfigureAwait(false)),
        PluginCheck.OfContract(
            new("status.unimplemented", "A method that was left out", "A method of a service that the plugin serves, but does not implement, ends with UNIMPLEMENTED.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                try
                {
                    await calls.Client.LeftOutAsync(new Payload(), cancellationToken: token).ResponseAsync.ConfigureAwait(false);
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
                {
                    return;
                }

                throw calls.Process.Failure("LeftOut, which is not to be implemented, was answered.");
            }),
    ];

    private static async Task<RpcException> FailsAsync(ContractCalls calls, FailRequest request, CancellationToken cancellationToken)
    {
        var messages = 0;
        try
        {
            using var call = calls.Client.Fail(request, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                messages++;
        }
        catch (RpcException failure)
        {
            if ((int)failure.StatusCode != request.Code)
                throw calls.Process.Failure($"The call should end with {(StatusCode)request.Code}, and ended with {failure.StatusCode}: {SubjectProcess.Shown(failure.Status.Detail)}", failure);
            if (messages != request.Messages)
                throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"Before its status the stream should bring {request.Messages} messages, and it brought {messages}."));
            return failure;
        }

        throw calls.Process.Failure($"The call should end with {(StatusCode)request.Code}, and ended well.");
    }
}
