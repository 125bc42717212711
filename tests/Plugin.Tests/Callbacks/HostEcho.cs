using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Callbacks;

/// <summary>What the host of a test offers: it answers in capitals.</summary>
internal sealed class HostEcho : IEcho
{
    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => new(Raise(request));

    public async ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var all = "";
        await foreach (var request in requests.WithCancellation(cancellationToken))
            all += request.Value;
        return Raise(new Text { Value = all });
    }

    public async IAsyncEnumerable<Text> RepeatAsync(
        Text request, CallContext call = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        yield return Raise(request);
        yield return Raise(request);
    }

    public async IAsyncEnumerable<Text> BothAsync(
        IAsyncEnumerable<Text> requests, CallContext call = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return Raise(request);
    }

    private static Text Raise(Text text) => new() { Value = text.Value.ToUpperInvariant() };
}
