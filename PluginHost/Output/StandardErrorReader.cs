using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Output;

/// <summary>A plugin's standard error: its log, for as long as it lives, and its last words.</summary>
internal sealed class StandardErrorReader : OutputReader
{
    public const int LongestLine = 16 * 1024;
    public const int TailSize = 64 * 1024;

    /// <summary>How much of the tail stands in an exception.</summary>
    public const int TailInFailure = 8 * 1024;

    // A line of 100 MB is no text for a log; its beginning says what it is.
    private const int MostPiecesOfALine = 4;

    private readonly PluginLogForwarder _forwarder;
    private readonly PluginLogParser _parser = new();
    private readonly TailBuffer _tail = new(TailSize);
    private readonly LogAllowance _allowance;
    private bool _isLogged;
    private int _pieces;
    private long _leftOut;

    /// <summary>Reads from here on.</summary>
    /// <param name="pipe">Disposed with the reader.</param>
    /// <param name="forwarder">Gets the entries.</param>
    /// <param name="timeProvider">Where the time comes from.</param>
    /// <param name="mostLinesPerSecond">How many lines are logged; null for all.</param>
    public StandardErrorReader(Stream pipe, PluginLogForwarder forwarder, TimeProvider timeProvider, int? mostLinesPerSecond = null)
        : base(pipe, LongestLine, timeProvider)
    {
        _forwarder = forwarder;
        _allowance = new LogAllowance(mostLinesPerSecond, "lines on standard error", timeProvider);
        Begin();
    }

    /// <summary>The last that the plugin wrote, with what is not UTF-8 replaced. May be asked for at any time.</summary>
    public string GetTail(int mostBytes = TailInFailure) => _tail.GetText(mostBytes);

    protected override void OnBytes(ReadOnlySpan<byte> bytes) => _tail.Append(bytes);

    protected override void OnPiece(ReadOnlySpan<byte> piece, LineEnd end)
    {
        if (_pieces == 0)
            BeginLine(piece);
        if (_isLogged && _pieces < MostPiecesOfALine)
        {
            if (_parser.Parse(piece) is { } entry)
                _forwarder.Post(entry);
        }
        else if (_isLogged)
        {
            _leftOut += piece.Length;
        }

        _pieces++;
        if (end == LineEnd.BufferFull)
            return;

        if (_leftOut > 0)
            Warn($"{_leftOut} more bytes of one line of standard error are left out of the log.");
        if (end == LineEnd.StreamEnd)
            Warn(_allowance.TakeNotice());
        _pieces = 0;
        _leftOut = 0;
    }

    // One of the allowance for a line, however long it is, and none for an empty one, which makes no entry.
    private void BeginLine(ReadOnlySpan<byte> piece)
    {
        _isLogged = false;
        if (PluginLogParser.IsBlank(piece))
            return;

        _isLogged = _allowance.TryTake(out var notice);
        Warn(notice);
        if (!_isLogged)
            _parser.Skip(piece);
    }

    private void Warn(string? notice)
    {
        if (notice is not null)
            _forwarder.Post(new PluginLogEntry(LogLevel.Warning, notice));
    }

    protected override void OnFault(Exception fault) =>
        _forwarder.Post(new PluginLogEntry(LogLevel.Error, "The host could not read a part of the plugin's standard error.") { Exception = fault.ToString() });
}
