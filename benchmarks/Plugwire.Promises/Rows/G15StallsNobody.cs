using Grpc.Core;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>Streams in both directions that nobody reads, beside calls that go on.</summary>
internal sealed class G15StallsNobody : Promise
{
    private const int Stalled = 99;

    // More than the window of a stream, in few messages.
    private static readonly Note Large = new() { Text = new string('x', 32 * 1024) };
    private static readonly Amount Calls = new(500, 2000, 10_000);

    private readonly Figure _time = Figure.UsualTime("unary call", 10);

    public override string Id => "G15";

    public override string Name => "99 stalled uploads and 99 stalled downloads stall nobody";

    public override Amount Runs => new(1, 4, 10);

    public override IReadOnlyList<Figure> Figures => [_time];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var uploads = Enumerable.Range(0, Stalled).Select(_ => client.Duplex(cancellationToken: over.Token)).ToArray();
        var writes = uploads.Select(call => new Upload(call)).ToArray();
        var downloads = Enumerable.Range(0, Stalled).Select(_ => client.ServerStream(new Note(Large) { Number = 1000 }, cancellationToken: over.Token)).ToArray();
        foreach (var download in downloads)
            await download.ResponseStream.MoveNext(over.Token);
        while (writes.Any(upload => !upload.Stands()))
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);

        foreach (var time in await CallLoop.TimeAsync(client, Calls.At(stage.Scale), cancellationToken))
            _time.Add(time);

        await over.CancelAsync();
        await Task.WhenAll(writes.Select(upload => upload.Ended));
    }

    // The handler sends each message back, which nobody reads: so it does not read on either, and the next write has no end.
    private sealed class Upload
    {
        private int _written;
        private int _seen = -1;

        public Upload(AsyncDuplexStreamingCall<Note, Note> call) => Ended = CallLoop.FailureAsync(WriteAsync(call));

        public Task Ended { get; }

        /// <summary>Whether nothing has been written since this was asked before.</summary>
        public bool Stands()
        {
            var written = Volatile.Read(ref _written);
            (var stands, _seen) = (written == _seen && written > 0, written);
            return stands;
        }

        private async Task WriteAsync(AsyncDuplexStreamingCall<Note, Note> call)
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(Large, CancellationToken.None);
                Interlocked.Increment(ref _written);
            }
        }
    }
}
