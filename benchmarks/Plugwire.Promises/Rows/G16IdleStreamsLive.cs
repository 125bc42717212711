using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Streams on which nothing moves for long, and then something does.</summary>
internal sealed class G16IdleStreamsLive : Promise
{
    private const int Streams = 20;

    private static readonly Amount IdleSeconds = new(25, 60, 3600);

    private readonly Figure _dropped = Figure.None("streams that do not carry on");

    public override string Id => "G16";

    public override string Name => "idle streams live";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_dropped];

    public override bool IsPatient => true;

    public override TimeSpan RunLimit => TimeSpan.FromHours(2);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var streams = Enumerable.Range(0, Streams).Select(_ => client.Duplex(cancellationToken: cancellationToken)).ToArray();
        foreach (var stream in streams)
            await stream.RequestStream.WriteAsync(new Note { Text = "before" }, cancellationToken);

        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds.At(stage.Scale)), TimeProvider.System, cancellationToken);

        var failures = new List<string>();
        foreach (var stream in streams)
        {
            var failure = await CallLoop.FailureAsync(EchoAsync(stream, cancellationToken));
            failures.AddRange(failure is null ? [] : [failure.Message]);
        }

        _dropped.AddEach(failures);
    }

    private static async Task EchoAsync(Grpc.Core.AsyncDuplexStreamingCall<Note, Note> stream, CancellationToken cancellationToken)
    {
        await stream.RequestStream.WriteAsync(new Note { Text = "after" }, cancellationToken);
        await stream.RequestStream.CompleteAsync();
        var read = new List<string>();
        while (await stream.ResponseStream.MoveNext(cancellationToken))
            read.Add(stream.ResponseStream.Current.Text);
        if (!read.SequenceEqual(["before", "after"]))
            throw new InvalidOperationException($"A stream answered {string.Join(", ", read)}.");
    }
}
