using Examples.Inspection;
using Google.Protobuf;

namespace Examples.Scanning;

/// <summary>
/// Finds patterns in one file after the other, each of which comes in pieces of any size. Keeps a window on the file:
/// <code>
///   | Before: seen, kept to look back at | decided now | After: waits until what follows it is known |
/// </code>
/// An anchor is decided once, when all that its pattern may look at is in the window, so that no finding is lost or
/// doubled wherever the pieces were cut, and a line of any length takes no more memory than a short one.
/// </summary>
public sealed class FileScanner
{
    /// <summary>How many bytes one call of <see cref="Scan"/> takes, which bounds what one call can find.</summary>
    public const int SliceSize = 16 * 1024;

    private readonly Pattern[] _patterns;
    private readonly int[] _next;
    private readonly int[] _resume;
    private readonly byte[] _window = new byte[Pattern.Before + Pattern.After + SliceSize];

    private ByteString _path = ByteString.Empty;
    private int _length;
    private int _decided;
    private int _counted;
    private long _windowStart;
    private long _lineStart;
    private long _line;

    public FileScanner(IEnumerable<Pattern> patterns)
    {
        _patterns = [.. patterns];
        _next = new int[_patterns.Length];
        _resume = new int[_patterns.Length];
    }

    public void Begin(ByteString path)
    {
        _path = path;
        _length = _decided = _counted = 0;
        _windowStart = _lineStart = 0;
        _line = 1;
        Array.Clear(_resume);
    }

    /// <summary>Takes the file's next bytes, at most <see cref="SliceSize"/>, and adds what is certain by now.</summary>
    public void Scan(ReadOnlySpan<byte> slice, List<Finding> found)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slice.Length, SliceSize);
        slice.CopyTo(_window.AsSpan(_length));
        _length += slice.Length;
        DecideUpTo(Math.Max(_decided, _length - Pattern.After), found);
        ForgetSeen();
    }

    /// <summary>The file ends here: decides what still waited for bytes to come.</summary>
    public void End(List<Finding> found) => DecideUpTo(_length, found);

    private void DecideUpTo(int end, List<Finding> found)
    {
        for (var i = 0; i < _patterns.Length; i++)
            _next[i] = NextAnchor(_patterns[i], Math.Max(_decided, _resume[i]), end);

        while (true)
        {
            var first = 0;
            for (var i = 1; i < _next.Length; i++)
            {
                if (_next[i] < _next[first])
                    first = i;
            }

            var at = _next[first];
            if (at == int.MaxValue)
                break;

            _resume[first] = Decide(_patterns[first], at, found);
            _next[first] = NextAnchor(_patterns[first], _resume[first], end);
        }

        CountLinesUpTo(end);
        _decided = end;
    }

    private int NextAnchor(Pattern pattern, int from, int end)
    {
        // An anchor that begins before the end may reach beyond it.
        var until = Math.Min(_length, end + pattern.Anchor.Length - 1);
        if (from >= until)
            return int.MaxValue;
        var offset = _window.AsSpan(from, until - from).IndexOf(pattern.Anchor);
        return offset < 0 ? int.MaxValue : from + offset;
    }

    private int Decide(Pattern pattern, int at, List<Finding> found)
    {
        var viewStart = Math.Max(0, at - Pattern.Before);
        var view = _window.AsSpan(viewStart, Math.Min(_length, at + Pattern.After) - viewStart);
        var hit = pattern.Look(view, at - viewStart);
        if (hit.Text is not null)
        {
            CountLinesUpTo(at);
            found.Add(new Finding
            {
                RuleId = pattern.RuleId,
                Path = _path,
                Line = _line,
                Column = _windowStart + viewStart + hit.Start - _lineStart + 1,
                Text = hit.Text,
            });
        }

        return Math.Max(viewStart + hit.Resume, at + 1);
    }

    private void CountLinesUpTo(int end)
    {
        var bytes = _window.AsSpan(_counted, end - _counted);
        var newlines = bytes.Count((byte)'\n');
        if (newlines > 0)
        {
            _line += newlines;
            _lineStart = _windowStart + _counted + bytes.LastIndexOf((byte)'\n') + 1;
        }

        _counted = end;
    }

    private void ForgetSeen()
    {
        var forget = Math.Max(0, _decided - Pattern.Before);
        _window.AsSpan(forget, _length - forget).CopyTo(_window);
        _length -= forget;
        _decided -= forget;
        _counted -= forget;
        _windowStart += forget;
        for (var i = 0; i < _resume.Length; i++)
            _resume[i] -= forget;
    }
}
