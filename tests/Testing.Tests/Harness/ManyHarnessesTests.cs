using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>Harnesses side by side know nothing of each other.</summary>
public sealed partial class ManyHarnessesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PluginWay.Memory, 200)]
    [InlineData(PluginWay.UnixSocket, 40)]
    public async Task Harnesses_ManyAtOnce_EachHasItsOwnPluginAndItsOwnLog(PluginWay way, int count)
    {
        var harnesses = await Task.WhenAll(Enumerable.Range(0, count).Select(index => StartAsync(way, index))).WaitAsync(TimeSpan.FromMinutes(5), Token);

        var answers = await Task.WhenAll(harnesses.Select(harness => harness.GetContract<IEcho>().UnaryAsync(new Text(), cancellationToken: Token).AsTask())).Within();
        await Task.WhenAll(harnesses.Select(harness => harness.DisposeAsync().AsTask())).WaitAsync(TimeSpan.FromMinutes(5), Token);

        Assert.Equal(Enumerable.Range(0, count).Select(index => $"plugin {index}"), answers.Select(answer => answer.Value));
        foreach (var (index, harness) in harnesses.Index())
        {
            var logged = harness.Logs.Single(record => record.EventId.Name == "Answered");
            Assert.True(logged.HasValue("Number", index), logged.ToString());
        }
    }

    private static Task<PluginHarness> StartAsync(PluginWay way, int index) => PluginHarness.StartAsync(
        plugin =>
        {
            plugin.Services.AddSingleton(new Number(index));
            plugin.AddContract<IEcho, Numbered>();
        },
        way,
        cancellationToken: Token);

    private sealed record Number(int Value);

    private sealed partial class Numbered(Number number, ILogger<Numbered> logger) : IEcho
    {
        public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
        {
            Answered(logger, number.Value);
            return new(new Text { Value = $"plugin {number.Value}" });
        }

        [LoggerMessage(1, LogLevel.Information, "Number {Number} answers.")]
        private static partial void Answered(ILogger logger, int number);
    }
}
