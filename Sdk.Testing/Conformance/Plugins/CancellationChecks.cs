using System.Globalization;
using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Deadlines and cancellations: the handler sees them, or it works for nobody.</summary>
internal static class CancellationChecks
{
    private static readonly TimeSpan FarDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NearDeadline = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("deadline.reaches-handler", "The deadline in the handler", "A handler knows how much time its call has left.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using (var call = calls.Client.Wait(new WaitRequest { Key = "far" }, deadline: After(FarDeadline), cancellationToken: token))
                    await BeginsAsync(calls, call, token).ConfigureAwait(false);

                // A millisecond for the other side's clock, which counts whole ones.
                var left = (await ObserveAsync(calls, calls.Client, "far", token).ConfigureAwait(false)).RemainingMilliseconds;
                if (left <= 0 || left > FarDeadline.TotalMilliseconds + 1)
                    throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"The call had {FarDeadline.TotalMilliseconds} ms, and the handler saw {left} ms left."));
            }),
        PluginCheck.OfContract(
            new("deadline.ends-handler", "The end of the time", "A handler whose call's deadline passes sees that the call is over, and the caller gets DEADLINE_EXCEEDED.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var call = calls.Client.Wait(new WaitRequest { Key = "near" }, deadline: After(NearDeadline), cancellationToken: token);
                await EndsWithAsync(calls, call, StatusCode.DeadlineExceeded, token).ConfigureAwait(false);
                await IsSeenAsync(calls, calls.Client, "near", token).ConfigureAwait(false);
            }),
        PluginCheck.OfContract(
            new("cancel.reaches-handler", "The caller's cancellation", "A handler whose caller cancels sees that the call is over.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using (var call = calls.Client.Wait(new WaitRequest { Key = "cancelled" }, cancellationToken: token))
                    await BeginsAsync(calls, call, token).ConfigureAwait(false);
                await IsSeenAsync(calls, calls.Client, "cancelled", token).ConfigureAwait(false);
            }),
        PluginCheck.OfContract(
            new("cancel.others-go-on", "The calls beside a cancelled one", "A cancelled call ends no other call of its connection.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                using var other = calls.Client.Converse(cancellationToken: token);
                using (var call = calls.Client.Wait(new WaitRequest { Key = "beside" }, cancellationToken: token))
                    await BeginsAsync(calls, call, token).ConfigureAwait(false);
                await ObserveAsync(calls, calls.Client, "beside", token).ConfigureAwait(false);
                await other.RequestStream.WriteAsync(new Payload { Number = 7 }, token).ConfigureAwait(false);
                if (!await other.ResponseStream.MoveNext(token).ConfigureAwait(false) || other.ResponseStream.Current.Number != 7)
                    throw calls.Process.Failure("A stream beside a cancelled call did not go on.");
            }),
        PluginCheck.OfContract(
            new("cancel.connection-lost", "The loss of the connection", "A handler whose connection is lost sees that the call is over.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                var lost = await calls.Process.ConnectAsync(token).ConfigureAwait(false);
                using var call = new Contract.Conformance.ConformanceClient(lost.CallInvoker).Wait(new WaitRequest { Key = "lost" }, cancellationToken: token);
                await BeginsAsync(calls, call, token).ConfigureAwait(false);
                await lost.DisposeAsync().ConfigureAwait(false);
                await IsSeenAsync(calls, calls.Client, "lost", token).ConfigureAwait(false);
            }),
    ];

    private static DateTime After(TimeSpan time) => (TimeProvider.System.GetUtcNow() + time).UtcDateTime;

    private static async Task BeginsAsync(ContractCalls calls, AsyncServerStreamingCall<Payload> call, CancellationToken cancellationToken)
    {
        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            throw calls.Process.Failure("Wait ended before it had sent its message.");
    }

    private static async Task EndsWithAsync(ContractCalls calls, AsyncServerStreamingCall<Payload> call, StatusCode expected, CancellationToken cancellationToken)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (RpcException failure) when (failure.StatusCode == expected)
        {
            return;
        }

        throw calls.Process.Failure($"The call should have ended with {expected}, and ended well.");
    }

    private static async Task IsSeenAsync(ContractCalls calls, Contract.Conformance.ConformanceClient client, string key, CancellationToken cancellationToken)
    {
        if (!(await ObserveAsync(calls, client, key, cancellationToken).ConfigureAwait(false)).Cancelled)
            throw calls.Process.Failure("The handler has ended, and has seen no cancellation.");
    }

    private static async Task<Observation> ObserveAsync(ContractCalls calls, Contract.Conformance.ConformanceClient client, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ObserveAsync(new ObserveRequest { Key = key }, deadline: After(calls.Process.ReactionTimeout), cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.DeadlineExceeded)
        {
            throw calls.Process.Failure(string.Create(CultureInfo.InvariantCulture, $"The handler has not seen within {calls.Process.ReactionTimeout.TotalSeconds:0.###} s that its call is over."), failure);
        }
    }
}
