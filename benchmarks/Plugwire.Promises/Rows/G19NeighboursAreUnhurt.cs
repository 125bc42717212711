using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Messages and headers a little over each limit, beside calls that go on.</summary>
internal sealed class G19NeighboursAreUnhurt : Promise
{
    private const int Neighbours = 50;
    private const int MessageLimit = 16 * 1024 * 1024;
    private const int MetadataLimit = 16 * 1024;

    private readonly Figure _failed = Figure.None("neighbours that fail");
    private readonly Figure _reasons = Figure.None("oversized calls that are let through, or do not say what is too large");

    public override string Id => "G19";

    public override string Name => "an oversized call does not hurt its neighbours";

    public override Amount Runs => new(2, 20, 100);

    public override IReadOnlyList<Figure> Figures => [_failed, _reasons];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();

        // Every other time the host lets it go, so that it is the plugin that refuses.
        options.MaxSendMessageSize = run % 2 == 0 ? MessageLimit : null;
        var plugin = await stage.StartAsync(options, cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var streams = Enumerable.Range(0, Neighbours).Select(_ => client.Duplex(cancellationToken: cancellationToken)).ToArray();
        await Task.WhenAll(streams.Select(stream => EchoAsync(stream, "before", cancellationToken)));

        var wrong = new List<string>();
        wrong.AddRange(Wrong("a message", await CallLoop.FailureAsync(client.UnaryAsync(new Note { Text = new string('x', MessageLimit + 1) }, cancellationToken: cancellationToken).ResponseAsync)));
        wrong.AddRange(Wrong("a header", await CallLoop.FailureAsync(client.UnaryAsync(
            new Note(), new Metadata { { "large", new string('x', MetadataLimit + 1) } }, cancellationToken: cancellationToken).ResponseAsync)));
        _reasons.AddEach(wrong);

        var after = await Task.WhenAll(streams.Select(stream => CallLoop.FailureAsync(EchoAsync(stream, "after", cancellationToken))));
        _failed.AddEach([.. after.OfType<RpcException>().Select(failure => failure.Message)]);
    }

    private static IEnumerable<string> Wrong(string what, RpcException? failure)
    {
        if (failure is not PluginCallException { Reason: PluginCallReason.Rejected or PluginCallReason.Status, StatusCode: StatusCode.ResourceExhausted })
            yield return $"{what}: {failure?.Message ?? "let through"}";
    }

    private static async Task EchoAsync(AsyncDuplexStreamingCall<Note, Note> stream, string text, CancellationToken cancellationToken)
    {
        await stream.RequestStream.WriteAsync(new Note { Text = text }, cancellationToken);
        if (!await stream.ResponseStream.MoveNext(cancellationToken) || stream.ResponseStream.Current.Text != text)
            throw new InvalidOperationException($"A neighbour has ended, or answered something else than '{text}'.");
    }
}
