using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Http2;

/// <summary>Two connections of ours back to back, with windows so small that everything waits for them all the time: all arrives, nothing stands still.</summary>
[Trait("RFC 9113", "5.2 Flow Control")]
public sealed class ConnectionModelTests
{
    private const int Runs = 30;
    private const int MaxStreams = 12;

    /// <summary>What one stream sends each way, and for how many turns its readers rest before each read.</summary>
    private sealed record Script(int[] Requests, int[] Responses, int Rest);

    [Theory]
    [InlineData(64)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Streams_OfRandomMessagesAndReaders_AllArriveWhole(int window)
    {
        var size = Gen.Frequency((4, Gen.Choose(0, 100)), (2, Gen.Choose(0, window * 20)), (1, Gen.Constant(window)), (1, Gen.Choose(0, window * 80)));
        var messages = Gen.Choose(0, 6).SelectMany(count => size.ArrayOf(count));
        var script =
            from requests in messages
            from responses in messages
            from rest in Gen.Choose(0, 12)
            select new Script(requests, responses, rest);
        var runs = Gen.Choose(1, MaxStreams).SelectMany(count => script.ArrayOf(count));
        foreach (var scripts in runs.Sample(Runs, new Rnd(9113), 50))
            await RunAsync(scripts, window);
    }

    private static async Task RunAsync(Script[] scripts, int window)
    {
        var logs = new FakeLogCollector();
        var options = new Http2Options { Logger = new FakeLogger(logs), StreamWindow = window, ConnectionWindow = 65_535, MaxFrameSize = 16 * 1024 };
        var progress = new SemaphoreSlim(0);
        var accepted = new List<(RecordingStream Stream, Task Sent)>();
        var (near, far) = MemoryTransport.CreatePair();
        await using var server = Http2Connection.Start(far.Stream, Http2Role.Server, options, (connection, _) =>
        {
            var stream = Resting(connection, progress);
            lock (accepted)
                accepted.Add((stream, SendAsync(stream, RecordingStream.ResponseHeaders, scripts[accepted.Count].Responses, isServer: true)));
            return stream;
        });
        await using var client = Http2Connection.Start(near.Stream, Http2Role.Client, options);

        // From here on the client knows the server's window, which is smaller than the one it begins with.
        await client.Ready.WaitAsync(RawPeer.Limit);
        var opened = scripts.Select(script =>
        {
            var stream = Resting(client, progress);
            return (Stream: stream, Sent: SendAsync(stream, RecordingStream.RequestHeaders, script.Requests));
        }).ToList();

        var readers = new List<Reader>();
        var isDone = false;
        for (var turn = 0; !isDone; turn++)
        {
            lock (accepted)
            {
                for (var i = readers.Count / 2; i < accepted.Count; i++)
                {
                    readers.Add(new Reader(accepted[i].Stream, scripts[i].Rest));
                    readers.Add(new Reader(opened[i].Stream, scripts[i].Rest));
                }
            }

            var reading = false;
            foreach (var reader in readers)
                reading |= reader.TakeTurn(turn);
            isDone = readers.Count == 2 * scripts.Length && readers.TrueForAll(reader => reader.HasEnded);

            // A reader that rests has something to read; when none does, whatever comes next is waited for.
            if (!reading && !isDone && !await progress.WaitAsync(RawPeer.Limit))
                Assert.Fail($"Nothing moves any more: {string.Join(", ", readers)}.");
        }

        await Task.WhenAll(opened.Concat(accepted).Select(stream => stream.Sent)).WaitAsync(RawPeer.Limit);
        for (var i = 0; i < scripts.Length; i++)
        {
            Assert.Equal(scripts[i].Requests.Sum(), readers[2 * i].Received);
            Assert.Equal(scripts[i].Responses.Sum(), readers[(2 * i) + 1].Received);
        }

        Assert.Null(client.Loss);
        Assert.Null(server.Loss);
        Assert.Empty(logs.GetSnapshot());
    }

    private static RecordingStream Resting(Http2Connection connection, SemaphoreSlim progress) =>
        new(connection) { Reads = false, Told = _ => progress.Release() };

    private static async Task SendAsync(RecordingStream stream, OutgoingHeaders headers, int[] lengths, bool isServer = false)
    {
        // The connection knows an accepted stream only when its acceptor has returned.
        if (isServer)
            await stream.Begun.WaitAsync(RawPeer.Limit);
        Assert.True(stream.Send(headers));
        foreach (var length in lengths)
        {
            Assert.True(stream.Send(out var sent, length: length));
            await sent.WaitAsync(RawPeer.Limit);
        }

        // A server that has answered resets what it has not been sent yet.
        if (isServer)
            await stream.Ended.WaitAsync(RawPeer.Limit);
        Assert.True(stream.Send(endStream: true));
    }

    private sealed class Reader(RecordingStream stream, int rest)
    {
        public int Received { get; private set; }

        public bool HasEnded { get; private set; }

        /// <summary>Reads, or rests. False when there is nothing to read.</summary>
        public bool TakeTurn(int turn)
        {
            foreach (var line in stream.Rest())
            {
                Assert.False(line.StartsWith("reset", StringComparison.Ordinal) || line.StartsWith("lost", StringComparison.Ordinal), line);
                HasEnded |= line == "end";
                if (line.StartsWith("data", StringComparison.Ordinal))
                    Received += int.Parse(line[5..], System.Globalization.CultureInfo.InvariantCulture);
            }

            if (!stream.HasKept)
                return false;
            if (turn % (rest + 1) == rest)
                stream.ReadKept();
            return true;
        }

        public override string ToString() => $"{stream.Id} has {Received}{(HasEnded ? " and has ended" : "")}";
    }
}
