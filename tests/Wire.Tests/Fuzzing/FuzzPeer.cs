using System.IO.Pipelines;
using Plugwire.Wire.Tests.Http2.Peer;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>The peer that plays a case. A write of it ends when the other side has taken all of it: so what is one part here is one there, and nobody waits for a time.</summary>
internal sealed class FuzzPeer
{
    private const int Fences = 2;
    private const ulong FirstFence = 0xF022_0000_0000_0000;

    private readonly Pipe _there = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
    private readonly Pipe _back = new(new PipeOptions(useSynchronizationContext: false));
    private readonly OutputCheck _output;
    private Task? _reading;

    /// <param name="ofClient">Whether the other side is a client of ours.</param>
    public FuzzPeer(bool ofClient)
    {
        _output = new OutputCheck(ofClient);
        Transport = new TransportConnection(new DuplexPipeStream(_there.Reader, _back.Writer), "fuzz");
    }

    /// <summary>The other side's end, which owns it.</summary>
    public TransportConnection Transport { get; }

    /// <summary>Sends everything, waits until the other side has looked at it, and ends the connection.</summary>
    /// <returns>Whether the connection was still open at the end of it.</returns>
    /// <exception cref="FuzzException">The other side does not do its part.</exception>
    public async Task<bool> PlayAsync(FuzzPlay play, Action<int> beforePart)
    {
        if (!play.ReadsLate)
            StartReading();
        for (var i = 0; i < play.Parts.Count; i++)
        {
            beforePart(i);
            if (!await TrySendAsync(play.Parts[i]))
                break;
        }

        beforePart(play.Parts.Count);
        StartReading();
        var isOpen = play.EndsWithFrame && await TryFenceAsync();
        await _there.Writer.CompleteAsync(play.Breaks ? new IOException("The transport broke.") : null);
        await _reading!.Within("the connection whose peer has closed");
        return isOpen;
    }

    /// <returns>Whether the other side still takes something.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes) =>
        bytes.IsEmpty || !(await _there.Writer.WriteAsync(bytes).AsTask().Within("reading what came")).IsCompleted;

    private void StartReading() => _reading ??= ReadAsync();

    // A side that is still there answers every PING. Twice, so that handlers come to run.
    private async Task<bool> TryFenceAsync()
    {
        for (var i = 0; i < Fences; i++)
        {
            var value = FirstFence + (ulong)i;
            var answered = _output.WhenAnswered(value);
            if (!await TrySendAsync(Raw.Ping(value)))
                return false;
            await Task.WhenAny(answered, _reading!).Within("answering a PING");
            if (!answered.IsCompletedSuccessfully)
                return false;
        }

        return true;
    }

    // To the end of what the other side says, which is when it has closed.
    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            var result = await _back.Reader.ReadAsync();
            var rest = result.Buffer;
            _output.Take(ref rest);
            _back.Reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                return;
        }
    }
}
