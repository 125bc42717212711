using System.Globalization;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>One side of a stream that ends before the other.</summary>
internal static class HalfCloseChecks
{
    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("half-close.seen", "The client's end in a duplex stream", "A handler sees the end of the client's side, and can still send.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Converse(cancellationToken: token);
                for (var i = 0; i < 3; i++)
                    await call.RequestStream.WriteAsync(new Payload { Number = i, Text = "open" }, token).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                Payload? last = null;
                while (await call.ResponseStream.MoveNext(token).ConfigureAwait(false))
                    last = call.ResponseStream.Current;
                if (last is not { Text: "half-closed", Number: 3 })
                    throw calls.Process.Failure($"After the client's end the plugin should have sent 'half-closed' with the number 3, and its last message was {SubjectProcess.Shown(last?.ToString() ?? "none")}.");
            }),
        PluginCheck.OfContract(
            new("half-close.awaited", "No answer before the client's end", "The answer of a client stream waits for the client's end as long as the handler does.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Collect(cancellationToken: token);
                await call.RequestStream.WriteAsync(new Payload { Text = "more" }, token).ConfigureAwait(false);

                // What the plugin would have answered by now, it answers before a later call's answer has come.
                for (var i = 0; i < 3; i++)
                    await calls.Client.EchoAsync(new Payload(), cancellationToken: token).ResponseAsync.ConfigureAwait(false);
                if (call.ResponseAsync.IsCompleted)
                    throw calls.Process.Failure("The client stream was answered before its end.");
                await call.RequestStream.WriteAsync(new Payload { Text = "more" }, token).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                var summary = await call.ResponseAsync.ConfigureAwait(false);
                if (summary.Messages != 2)
                    throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"2 messages were sent, and the plugin counted {summary.Messages}."));
            }),
        PluginCheck.OfContract(
            new("half-close.early-answer", "An answer before the client's end", "A handler may answer a client stream before its end, and the caller gets the answer.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Collect(cancellationToken: token);
                await call.RequestStream.WriteAsync(new Payload { Text = "enough" }, token).ConfigureAwait(false);
                await ((Task)call.ResponseAsync).WaitAsync(calls.Process.ReactionTimeout, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!call.ResponseAsync.IsCompleted)
                    throw calls.Process.Failure("The plugin has not answered: it waits for the client's end.");
                if ((await call.ResponseAsync.ConfigureAwait(false)).Messages != 1)
                    throw calls.Process.Failure("The plugin had to answer after 1 message, and counted others.");
            }),
    ];
}
