using System.Globalization;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>The four kinds of calls.</summary>
internal static class CallChecks
{
    private const int Parallel = 100;

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("call.unary", "A unary call", "A unary call brings the request to the handler, and the handler's answer back.", ConformanceSource.Grpc, Must),
            (calls, token) => EchoesAsync(calls, new Payload { Number = long.MinValue, Text = "Grüße, 世界", Data = Google.Protobuf.ByteString.CopyFrom(0, 1, 254, 255) }, token)),
        PluginCheck.OfContract(
            new("call.empty-message", "Messages of no bytes", "A message of no bytes is a message, in either direction.", ConformanceSource.Grpc, Must),
            (calls, token) => EchoesAsync(calls, new Payload(), token)),
        PluginCheck.OfContract(
            new("call.server-stream", "A server stream", "A server stream brings all of its messages in their order, and then its end.", ConformanceSource.Grpc, Must),
            (calls, token) => CountsAsync(calls, 10, token)),
        PluginCheck.OfContract(
            new("call.empty-stream", "A stream without a message", "A server stream without a message ends well.", ConformanceSource.Grpc, Must),
            (calls, token) => CountsAsync(calls, 0, token)),
        PluginCheck.OfContract(
            new("call.client-stream", "A client stream", "A client stream brings all of its messages to the handler, which answers when there are no more.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Collect(cancellationToken: token);
                for (var i = 1; i <= 5; i++)
                    await call.RequestStream.WriteAsync(new Payload { Data = Google.Protobuf.ByteString.CopyFrom(new byte[i]) }, token).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                var summary = await call.ResponseAsync.ConfigureAwait(false);
                if (summary is not { Messages: 5, Bytes: 15 })
                    throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"5 messages with 15 bytes were sent, and the plugin counted {summary.Messages} with {summary.Bytes}."));
            }),
        PluginCheck.OfContract(
            new("call.duplex", "A duplex stream", "In a duplex stream a message is delivered as soon as it is sent: each side can wait for the other's.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Converse(cancellationToken: token);
                for (var i = 0; i < 5; i++)
                {
                    await call.RequestStream.WriteAsync(new Payload { Number = i }, token).ConfigureAwait(false);
                    var next = call.ResponseStream.MoveNext(token);
                    await ((Task)next).WaitAsync(calls.Process.ReactionTimeout, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    if (!next.IsCompleted || !await next.ConfigureAwait(false))
                        throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"Message {i} was sent, and the plugin {(next.IsCompleted ? "ended its side" : "kept silent")} instead of sending it back."));
                    if (call.ResponseStream.Current.Number != i)
                        throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"Message {i} was sent, and {call.ResponseStream.Current.Number} came back."));
                }

                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                while (await call.ResponseStream.MoveNext(token).ConfigureAwait(false))
                {
                }
            }),
        PluginCheck.OfContract(
            new("call.parallel", "Many calls at once", "A hundred calls at once on one connection are answered, each with its own answer.", ConformanceSource.Grpc, Must),
            (calls, token) => Task.WhenAll(Enumerable.Range(0, Parallel).Select(number => EchoesAsync(calls, new Payload { Number = number }, token)))),
    ];

    private static async Task EchoesAsync(ContractCalls calls, Payload payload, CancellationToken cancellationToken)
    {
        var answer = await calls.Client.EchoAsync(payload, cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        if (!answer.Equals(payload))
            throw calls.Process.Failure($"The answer should be the request, {payload}, and is {SubjectProcess.Shown(answer.ToString())}.");
    }

    private static async Task CountsAsync(ContractCalls calls, int count, CancellationToken cancellationToken)
    {
        using var call = calls.Client.Count(new CountRequest { Count = count }, cancellationToken: cancellationToken);
        var numbers = new List<long>();
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            numbers.Add(call.ResponseStream.Current.Number);
        if (!numbers.SequenceEqual(Enumerable.Range(0, count).Select(number => (long)number)))
            throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"{count} messages numbered from 0 were asked for, and these came: {string.Join(", ", numbers)}."));
    }
}
