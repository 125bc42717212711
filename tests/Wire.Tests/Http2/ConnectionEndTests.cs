using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "5.4.1 Connection Error Handling")]
public sealed class ConnectionEndTests
{
    [Fact]
    public async Task Abort_Twice_EndsOnceWithTheFirstReason()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        server.Connection.Abort(new ConnectionLoss("First.", Http2ErrorCode.Cancel));
        server.Connection.Abort(new ConnectionLoss("Second.", Http2ErrorCode.InternalError));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.Cancel);
        await server.ClosedAsync();
        server.Connection.Abort(new ConnectionLoss("Third."));
        Assert.Equal("First.", server.Connection.Loss!.Reason);
        Assert.Equal(["lost Cancel"], stream.Rest());
        Assert.False(stream.Send(RecordingStream.ResponseHeaders));
        stream.Cancel();
        stream.ReadKept();
        await server.Connection.ShutdownAsync(CancellationToken.None).WaitAsync(RawPeer.Limit);
    }

    [Fact]
    public async Task Abort_FromWithinWhatAStreamIsTold_EndsTheConnection()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        server.Told = (stream, line) =>
        {
            if (line == "data 5")
                stream.Connection.Abort(new ConnectionLoss("Enough.", Http2ErrorCode.Cancel));
        };
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 5));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.Cancel);
        await stream.ExpectAsync("data 5", "lost Cancel");
    }

    [Fact]
    public async Task End_WithAMessageThatHasNotLeft_FailsItsTaskAndTellsTheStream()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(settings: Raw.Settings((Raw.InitialWindowSize, 1)));
        var stream = await server.AcceptAsync(1);
        Assert.True(stream.Send(out var sent, RecordingStream.ResponseHeaders, length: 5));
        await server.Peer.DisposeAsync();
        await Assert.ThrowsAsync<Http2StreamClosedException>(() => sent.WaitAsync(RawPeer.Limit));
        await stream.ExpectAsync("lost transport");
    }

    [Fact]
    public async Task End_WithAWriteThatNeverEnds_ComesAllTheSameWhenTheTimeIsUp()
    {
        var time = new FakeTimeProvider();
        await using var server = await ConnectionUnderTest.ServerAsync(
            logger => new Http2Options { Logger = logger, TimeProvider = time }, inner => new ProbeStream(inner));
        var stream = await server.AcceptAsync(1);
        server.Probe!.BlockWrites();
        Assert.True(stream.Send(RecordingStream.ResponseHeaders));
        await server.Probe.WriteBlockedAsync();
        var disposal = server.Connection.DisposeAsync().AsTask();
        while (!disposal.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await disposal;
        await stream.ExpectAsync("lost NoError");
        Assert.Contains(server.Messages, message => message.Contains("did not read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteThatFails_EndsTheConnectionThoughNothingIsReadFromIt()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(probe: inner => new ProbeStream(inner));
        var stream = await server.AcceptAsync(1);
        server.Probe!.FailsWritesWith = new IOException("Broken.");
        stream.Send(RecordingStream.ResponseHeaders);
        await stream.ExpectAsync("lost transport");
        await server.ClosedAsync();
        Assert.Equal("Broken.", server.Connection.Loss!.Exception!.Message);
    }

    [Fact]
    public async Task WriteThatFails_WhatThePeerSaysBeforeItsEndIsStillRead()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, TimeProvider = new FakeTimeProvider() }, inner => new ProbeStream(inner));
        var answered = await client.OpenAsync();
        var open = await client.OpenAsync();
        client.Probe!.FailsWritesWith = new IOException("Broken.");
        open.Send(length: 1);
        var late = new RecordingStream(client.Connection);
        Assert.True(late.Send(RecordingStream.RequestHeaders));

        await client.Peer.SendAsync(Raw.Response(1), Raw.Trailers(1));
        await answered.ExpectAsync("headers :status=200", "end grpc-status=0");
        Assert.Empty(open.Rest());
        await client.Peer.DisposeAsync();
        await open.ExpectAsync("lost transport");
        await late.ExpectAsync("lost transport");
        Assert.Equal("Broken.", client.Connection.Loss!.Exception!.Message);
    }

    [Fact]
    public async Task WriteThatFails_OnAPeerThatStaysSilent_IsTheEndSoon()
    {
        var time = new FakeTimeProvider();
        await using var client = await ConnectionUnderTest.ClientAsync(
            logger => new Http2Options { Logger = logger, TimeProvider = time }, inner => new ProbeStream(inner));
        var open = await client.OpenAsync();
        client.Probe!.FailsWritesWith = new IOException("Broken.");
        open.Send(length: 1);

        while (client.Connection.Loss is null)
            await Task.Yield();
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(client.Connection.Closed.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await open.ExpectAsync("lost transport");
    }

    [Fact]
    public async Task TransportWhoseDisposalFails_LeavesNoStreamUntold()
    {
        await using var server = await ConnectionUnderTest.ServerAsync(
            probe: inner => new ProbeStream(inner) { FailsDisposalWith = new IOException("Cannot be closed.") });
        server.ExpectsErrors = true;
        var stream = await server.AcceptAsync(1);
        await server.Connection.DisposeAsync().AsTask().WaitAsync(RawPeer.Limit);
        await stream.ExpectAsync("lost NoError");
        Assert.Contains(server.Messages, message => message.Contains("Ending an HTTP/2 connection failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StreamThatFailsWhenItIsToldOfTheEnd_KeepsNoOtherFromBeingTold()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        server.ExpectsErrors = true;
        server.Told = (_, line) =>
        {
            if (line.StartsWith("lost", StringComparison.Ordinal))
                throw new InvalidOperationException("A stream's own failure.");
        };
        var first = await server.AcceptAsync(1);
        var second = await server.AcceptAsync(3);
        await server.Peer.DisposeAsync();
        await server.ClosedAsync();
        Assert.Equal(["lost transport"], first.Rest());
        Assert.Equal(["lost transport"], second.Rest());
    }

    [Fact]
    public async Task StreamThatFailsWhenItIsTold_EndsTheConnectionWithInternalError()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        server.ExpectsErrors = true;
        server.Told = (_, line) =>
        {
            if (line == "data 1")
                throw new InvalidOperationException("A stream's own failure.");
        };
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Data(1, 1));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.InternalError);
        await stream.ExpectAsync("data 1", "lost InternalError");
    }

    [Theory]
    [InlineData("end")]
    [InlineData("reset")]
    [Trait("Fuzzing", "what it found")]
    public async Task StreamThatFailsWhenItIsToldItsEnd_IsToldThatTheConnectionIsLost(string end)
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        client.ExpectsErrors = true;
        var stream = await client.OpenAsync(endStream: true);
        stream.Told = line =>
        {
            if (line.StartsWith(end, StringComparison.Ordinal))
                throw new InvalidOperationException("A stream's own failure.");
        };
        await client.Peer.SendAsync(Raw.Response(1), end == "end" ? Raw.Trailers(1) : Raw.Reset(1, Http2ErrorCode.Cancel));
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.InternalError);
        await client.ClosedAsync();
        Assert.Equal("lost InternalError", stream.Rest()[^1]);
    }

    [Fact]
    public async Task LossOfTheTransport_IsExplainedByWhoKnowsMore()
    {
        await using var client = await ConnectionUnderTest.ClientAsync(logger => new Http2Options
        {
            Logger = logger,
            ExplainLoss = (_, _) => ValueTask.FromResult<LossExplanation?>(new LossExplanation("The plugin has crashed.")),
        });
        await client.Peer.DisposeAsync();
        await client.ClosedAsync();
        Assert.Equal("The plugin has crashed.", client.Connection.Loss!.Reason);
    }

    [Fact]
    public async Task Explanation_ThatDoesNotCome_IsNotWaitedForLongerThanAQuarterOfASecond()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await ConnectionUnderTest.ClientAsync(logger => new Http2Options
        {
            Logger = logger,
            TimeProvider = time,
            ExplainLoss = async (_, _) =>
            {
                asked.SetResult();
                await new TaskCompletionSource().Task;
                return new LossExplanation("Never.");
            },
        });
        var stream = await client.OpenAsync();
        await client.Peer.DisposeAsync();
        await asked.Task.WaitAsync(RawPeer.Limit);
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Empty(stream.Rest());
        time.Advance(TimeSpan.FromMilliseconds(1));
        await stream.ExpectAsync("lost transport");
        await client.ClosedAsync();
        Assert.Equal("The peer closed the connection.", client.Connection.Loss!.Reason);
    }

    [Fact]
    public async Task Start_OnATransportThatAlwaysHasBytes_DoesNotReadOnItsCaller()
    {
        var reads = 0;
        var starting = true;
        var caller = Environment.CurrentManagedThreadId;
        ConnectionUnderTest server = ConnectionUnderTest.Server(probe: inner => new ProbeStream(inner)
        {
            ReadSize = () =>
            {
                if (Volatile.Read(ref starting) && Environment.CurrentManagedThreadId == caller)
                    reads++;
                return int.MaxValue;
            },
        });
        Volatile.Write(ref starting, false);
        await using (server)
        {
            Assert.Equal(0, reads);
            await server.Peer.SendAsync(Raw.Preface, Raw.Settings());
            await server.Peer.ExpectNoComplaintAsync();
        }
    }
}
