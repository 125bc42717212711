using System.Runtime.CompilerServices;
using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.EndToEnd.Tests.Callbacks;

/// <summary>The host's desk: it answers in capitals, unless a test says what to do with an answer.</summary>
internal sealed class Desk : IDesk
{
    /// <summary>What a call of the kind with one request and one answer does.</summary>
    public Func<Note, CallContext, CancellationToken, Task<Note>> OnAnswer { get; set; } = (request, _, _) => Task.FromResult(Raise(request));

    /// <summary>What follows the first note that is dealt.</summary>
    public Func<CallContext, CancellationToken, Task> AfterTheFirst { get; set; } = (_, _) => Task.CompletedTask;

    public ValueTask<Note> AnswerAsync(Note request, CallContext call, CancellationToken cancellationToken) => new(OnAnswer(request, call, cancellationToken));

    public async ValueTask<Note> GatherAsync(IAsyncEnumerable<Note> requests, CallContext call, CancellationToken cancellationToken)
    {
        var sum = new Note();
        await foreach (var request in requests.WithCancellation(cancellationToken))
            (sum.Text, sum.Number) = (request.Text, sum.Number + request.Number);
        return Raise(sum);
    }

    public async IAsyncEnumerable<Note> DealAsync(Note request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Raise(request);
        await AfterTheFirst(call, cancellationToken);
        for (var i = 1; i < request.Number; i++)
            yield return Raise(request);
    }

    public async IAsyncEnumerable<Note> TalkAsync(IAsyncEnumerable<Note> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return Raise(request);
    }

    public static Note Raise(Note note) => new() { Text = note.Text.ToUpperInvariant(), Number = note.Number };
}
