using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.TestPlugins.Callbacks;

/// <summary>Asks at the desk.</summary>
/// <param name="desk">The host's, injected.</param>
internal sealed class Clerk(IDesk desk) : IClerk
{
    public ValueTask<Note> AnswerAsync(Note request, CallContext call, CancellationToken cancellationToken) =>
        desk.AnswerAsync(request, request.TimeoutMs > 0 ? new CallContext { Timeout = TimeSpan.FromMilliseconds(request.TimeoutMs) } : call, cancellationToken);

    public ValueTask<Note> GatherAsync(IAsyncEnumerable<Note> requests, CallContext call, CancellationToken cancellationToken) =>
        desk.GatherAsync(requests, call, cancellationToken);

    public async IAsyncEnumerable<Note> DealAsync(Note request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = request.Number;
        await foreach (var note in desk.DealAsync(request, call, cancellationToken))
        {
            yield return note;
            if (--left == 0)
                break;
        }
    }

    public IAsyncEnumerable<Note> TalkAsync(IAsyncEnumerable<Note> requests, CallContext call, CancellationToken cancellationToken) =>
        desk.TalkAsync(requests, call, cancellationToken);

    public async ValueTask<Note> TryAsync(Note request, CallContext call, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, call, cancellationToken);
        }
        catch (RpcException failure)
        {
            return new Note { Text = $"{failure.StatusCode}: {failure.Status.Detail}" };
        }
    }
}
