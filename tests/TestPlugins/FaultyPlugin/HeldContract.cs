using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.Held.Contract;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>Handlers that wait, and say in the log why they have ended.</summary>
internal sealed partial class HeldContract(ILogger<HeldContract> logger) : IHeld
{
    public async ValueTask<Answer> AskAsync(Order request, CallContext call, CancellationToken cancellationToken)
    {
        ThrowIfTold(request);
        return await HoldAsync(nameof(AskAsync), call, cancellationToken);
    }

    public async ValueTask<Answer> PourAsync(IAsyncEnumerable<Order> requests, CallContext call, CancellationToken cancellationToken)
    {
        await ReadOneAsync(requests);
        return await HoldAsync(nameof(PourAsync), call, cancellationToken);
    }

    public async IAsyncEnumerable<Answer> WatchAsync(Order request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfTold(request);
        yield return new Answer { Text = "first" };
        await HoldAsync(nameof(WatchAsync), call, cancellationToken);
    }

    public async IAsyncEnumerable<Answer> TalkAsync(IAsyncEnumerable<Order> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ReadOneAsync(requests);
        yield return new Answer { Text = "first" };
        await HoldAsync(nameof(TalkAsync), call, cancellationToken);
    }

    private static async Task ReadOneAsync(IAsyncEnumerable<Order> requests)
    {
        await foreach (var request in requests)
        {
            ThrowIfTold(request);
            break;
        }
    }

    private static void ThrowIfTold(Order order)
    {
        switch (order.Failure)
        {
            case Failure.Argument:
                throw new ArgumentException("There is no such order.");
            case Failure.Format:
                throw new FormatException("The secret is 42.");
            case Failure.Rich:
                throw RichError.Create(StatusCode.FailedPrecondition, "Not today.", new Answer { Text = "tomorrow" });
        }
    }

    private async Task<Answer> HoldAsync(string method, CallContext call, CancellationToken cancellationToken)
    {
        Entries.Waits(logger, method);
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Entries.Ended(logger, method, call.Cancellation);
        }

        return new Answer();
    }

    private static partial class Entries
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} waits.")]
        public static partial void Waits(ILogger logger, string method);

        [LoggerMessage(2, LogLevel.Information, "{Method} has ended: {Reason}.")]
        public static partial void Ended(ILogger logger, string method, CallCancellation reason);
    }
}
