using System.Text;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Output;

/// <summary>
/// A plugin's standard output: the first line is the handshake, whatever it is. Nothing should come after it; what does is logged within a limit, and thrown away beyond.
/// </summary>
internal sealed class StandardOutputReader : OutputReader
{
    private const int MostBytesKept = 2 * 1024;
    private const string Module = "stdout";

    private readonly PluginLogForwarder _forwarder;
    private readonly LogAllowance _allowance;
    private readonly TaskCompletionSource<HandshakeOutcome> _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly byte[] _first = new byte[MostBytesKept];
    private int _firstLength;

    /// <summary>Reads from here on.</summary>
    public StandardOutputReader(Stream pipe, PluginLogForwarder forwarder, TimeProvider timeProvider)
        : base(pipe, HandshakeLine.MaxBytes, timeProvider)
    {
        _forwarder = forwarder;
        _allowance = new LogAllowance(LogAllowance.OfStrayOutput, "lines on standard output", timeProvider);
        Begin();
    }

    /// <summary>Ends with the first line, or with what came in its place. Never faults.</summary>
    public Task<HandshakeOutcome> Handshake => _handshake.Task;

    /// <summary>The first 2 KiB of the output, to be shown where the handshake should have stood. May be asked for at any time.</summary>
    public string GetBeginning()
    {
        lock (_gate)
            return PrintableText.Of(Encoding.UTF8.GetString(_first, 0, _firstLength));
    }

    protected override void OnBytes(ReadOnlySpan<byte> bytes)
    {
        if (_firstLength == MostBytesKept)
            return;

        lock (_gate)
        {
            var kept = bytes[..Math.Min(bytes.Length, MostBytesKept - _firstLength)];
            kept.CopyTo(_first.AsSpan(_firstLength));
            _firstLength += kept.Length;
        }
    }

    protected override void OnPiece(ReadOnlySpan<byte> piece, LineEnd end)
    {
        if (!_handshake.Task.IsCompleted)
        {
            _handshake.SetResult(new HandshakeOutcome(KindOf(end), piece.ToArray()));
            return;
        }

        var text = piece.TrimEnd("\r"u8);
        if (!text.IsEmpty)
        {
            var isLogged = _allowance.TryTake(out var notice);
            PostNotice(notice);
            if (isLogged)
                _forwarder.Post(Entry(LogLevel.Information, PrintableText.Of(Encoding.UTF8.GetString(text))));
        }

        if (end == LineEnd.StreamEnd)
            PostNotice(_allowance.TakeNotice());
    }

    protected override void OnFault(Exception fault)
    {
        _handshake.TrySetResult(new HandshakeOutcome(HandshakeOutcomeKind.Ended, ReadOnlyMemory<byte>.Empty));
        _forwarder.Post(Entry(LogLevel.Error, "The host could not read a part of the plugin's standard output.") with { Exception = fault.ToString() });
    }

    private void PostNotice(string? notice)
    {
        if (notice is not null)
            _forwarder.Post(Entry(LogLevel.Warning, notice));
    }

    private static HandshakeOutcomeKind KindOf(LineEnd end) => end switch
    {
        LineEnd.LineBreak => HandshakeOutcomeKind.Line,
        LineEnd.BufferFull => HandshakeOutcomeKind.TooLong,
        _ => HandshakeOutcomeKind.Ended,
    };

    private static PluginLogEntry Entry(LogLevel level, string message) => new(level, message) { Module = Module };
}
