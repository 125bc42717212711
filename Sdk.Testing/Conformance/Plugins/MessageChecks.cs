using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Messages that are large, or many.</summary>
internal static class MessageChecks
{
    private const int Large = 1024 * 1024;
    private const int VeryLarge = 8 * 1024 * 1024;

    // About the length of a frame, HTTP/2's first window, and the windows that implementations like.
    private static readonly int[] Edges = [1, 16_379, 16_384, 65_530, 65_535, 65_540, 131_072, 262_139, 262_144];

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("message.sizes", "Messages about the size of a window", "Messages that just fill a frame or a window, and those a little shorter or longer, come over.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                foreach (var size in Edges)
                    await EchoesAsync(calls, size, token).ConfigureAwait(false);
            }),
        PluginCheck.OfContract(
            new("message.large", "A message of 1 MiB", "A message of 1 MiB comes over, in either direction.", ConformanceSource.Grpc, Must),
            (calls, token) => EchoesAsync(calls, Large, token)),
        PluginCheck.OfContract(
            new("message.very-large", "A message of 8 MiB", "A message of 8 MiB comes over: Plugwire's hosts send and take up to 16 MiB, while many gRPC libraries take 4 MiB unless they are told otherwise.", ConformanceSource.Plugwire, Should),
            (calls, token) => EchoesAsync(calls, VeryLarge, token)),
        PluginCheck.OfContract(
            new("message.unread-stream", "A stream that nobody reads", "A stream whose reader takes its time holds up no other call of its connection, and loses nothing.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                const int Count = 64;
                const int Size = 64 * 1024;
                using var call = calls.Client.Count(new CountRequest { Count = Count, Size = Size }, cancellationToken: token);
                await call.ResponseHeadersAsync.ConfigureAwait(false);
                await EchoesAsync(calls, 1024, token).ConfigureAwait(false);
                var read = 0;
                while (await call.ResponseStream.MoveNext(token).ConfigureAwait(false))
                {
                    var message = call.ResponseStream.Current;
                    if (message.Number != read++ || message.Data.Length != Size)
                        throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"Message {read - 1} with {Size} bytes was expected, and message {message.Number} with {message.Data.Length} came."));
                }

                if (read != Count)
                    throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"{Count} messages were expected, and {read} came."));
            }),
    ];

    private static async Task EchoesAsync(ContractCalls calls, int size, CancellationToken cancellationToken)
    {
        var data = new byte[size];
        for (var i = 0; i < size; i++)
            data[i] = (byte)(i % 251);
        var payload = new Payload { Data = UnsafeByteOperations.UnsafeWrap(data) };
        try
        {
            var answer = await calls.Client.EchoAsync(payload, cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
            if (!answer.Equals(payload))
                throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"A message with {size} bytes was sent, and {answer.Data.Length} came back{(answer.Data.Length == size ? ", with others among them" : "")}."));
        }
        catch (RpcException failure)
        {
            throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"A call with a message of {size} bytes ended with {failure.StatusCode}: {SubjectProcess.Shown(failure.Status.Detail)}"), failure);
        }
    }
}
