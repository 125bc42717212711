using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Probes;

/// <summary>A plugin whose handlers the test plays.</summary>
internal sealed class ProbedEcho : IEcho
{
    public HandlerProbe<Text, Text> Handler { get; } = new();

    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => Handler.AnswerAsync(request, call, cancellationToken);

    public ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        Handler.AnswerAsync(requests, call, cancellationToken);

    public IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default) => Handler.StreamAsync(request, call, cancellationToken);

    public IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default) =>
        Handler.StreamAsync(requests, call, cancellationToken);

    public Task<PluginHarness> StartAsync(PluginWay way, CancellationToken cancellationToken) =>
        PluginHarness.StartAsync(plugin => plugin.AddContract<IEcho>(this), way, options => options.WriteToTestOutput(), cancellationToken);
}
