using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Callbacks;

/// <summary>What the plugin of a test serves: it asks its host.</summary>
/// <param name="host">Injected.</param>
/// <param name="gate">Holds calls that say so.</param>
internal sealed class RelayEcho(IEcho host, Gate gate) : IEcho
{
    public async ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        if (request.Value == "wait")
            await gate.PassAsync();
        return await host.UnaryAsync(request, call, cancellationToken);
    }

    public ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        host.CollectAsync(requests, call, cancellationToken);

    public IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) =>
        host.RepeatAsync(request, call, cancellationToken);

    public IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        host.BothAsync(requests, call, cancellationToken);
}
