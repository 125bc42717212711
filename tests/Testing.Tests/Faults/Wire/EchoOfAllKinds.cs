using System.Runtime.CompilerServices;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Faults.Wire;

internal sealed class EchoOfAllKindsPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IEcho, EchoOfAllKinds>();
}

/// <summary>Says back what it hears: a call's message, the messages of a stream as one, one message three times, each message.</summary>
internal sealed class EchoOfAllKinds : IEcho
{
    public const int Repeats = 3;

    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => new(request);

    public async ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var all = "";
        await foreach (var request in requests.WithCancellation(cancellationToken))
            all += request.Value;
        return new Text { Value = all };
    }

    public async IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < Repeats; i++)
        {
            await Task.CompletedTask;
            yield return request;
        }
    }

    public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return request;
    }
}
