using System.Collections.Concurrent;
using Examples.Translation;

namespace Plugwire.Native.Tests;

/// <summary>The host's glossary: three words, and one that is looked up for ever.</summary>
internal sealed class TestGlossary : IGlossary
{
    public const string Endless = "endless";

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal) { ["ein"] = "a", ["kleiner"] = "small", ["wagen"] = "car" };

    private readonly TaskCompletionSource _isEndless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallCancellation> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<string> LookedUp { get; } = [];

    public ConcurrentQueue<string?> Peers { get; } = [];

    /// <summary>Ends when the endless look-up has begun.</summary>
    public Task IsEndless => _isEndless.Task;

    /// <summary>Why the endless look-up has ended.</summary>
    public Task<CallCancellation> Ended => _ended.Task;

    public async ValueTask<Entry> LookUpAsync(Term request, CallContext call, CancellationToken cancellationToken)
    {
        LookedUp.Enqueue(request.Word);
        Peers.Enqueue(call.Peer);
        if (request.Word == Endless)
        {
            _isEndless.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                _ended.TrySetResult(call.Cancellation);
            }
        }

        var entry = new Entry();
        if (Words.TryGetValue(request.Word, out var meaning))
            entry.Meaning = meaning;
        return entry;
    }
}
