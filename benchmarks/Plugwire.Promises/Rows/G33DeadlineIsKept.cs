using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Calls with a deadline whose handlers heed nothing, until there are more of these than the host allows.</summary>
internal sealed class G33DeadlineIsKept : Promise
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Figure _late = Figure.UsualTime("after the deadline", 50);
    private readonly Figure _wrong = Figure.None("calls that end otherwise");
    private readonly Figure _counted = Figure.None("handlers that are counted wrong");
    private readonly Figure _kept = Figure.None("plugins that run on with one such handler too many");

    public override string Id => "G33";

    public override string Name => "a deadline is kept though the handler is deaf";

    public override Amount Runs => new(3, 10, 50);

    public override IReadOnlyList<Figure> Figures => [_late, _wrong, _counted, _kept];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        (options.Health.Interval, options.Health.MaxDeafHandlers) = (TimeSpan.FromMilliseconds(100), AtOnce);
        var plugin = await stage.StartAsync(options, cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        await CallLoop.TimeAsync(client, 10, cancellationToken);

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CallAsync(client, cancellationToken)));

        _counted.Add(await IsAsync(plugin.UntilAsync(status => status.DeafHandlers == AtOnce, cancellationToken)) ? 0 : Math.Abs(AtOnce - plugin.Status.DeafHandlers));
        await CallAsync(client, cancellationToken);
        var isEnded = await IsAsync(plugin.Completion);
        _kept.AddEach(isEnded && (await plugin.Completion).Reason == PluginExitReason.Unresponsive ? [] : [plugin.Status.ToString()]);
    }

    private static async Task<bool> IsAsync(Task condition)
    {
        await Task.WhenAny(condition, Task.Delay(Patience, TimeProvider.System, CancellationToken.None));
        return condition.IsCompletedSuccessfully;
    }

    private async Task CallAsync(Kinds.KindsClient client, CancellationToken cancellationToken)
    {
        RpcException? failure = null;
        var time = await Waiting.MeasureAsync(async () => failure = await CallLoop.FailureAsync(client.UnaryAsync(
            new Note { Hold = Hold.ForGood }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, cancellationToken: cancellationToken).ResponseAsync));

        _late.Add(time - Deadline);
        _wrong.AddEach(failure is PluginCallException { Reason: PluginCallReason.DeadlineExceeded, StatusCode: StatusCode.DeadlineExceeded } ? [] : [failure?.Message ?? "it succeeded"]);
    }
}
