using System.Runtime.CompilerServices;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

internal sealed class EchoPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IEcho, EchoHandler>();
}

internal sealed class EchoHandler : IEcho
{
    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => new(request);

    public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return request;
    }
}
