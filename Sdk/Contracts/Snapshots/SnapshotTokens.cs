using System.Globalization;

namespace Plugwire.Snapshots;

/// <summary>The words of a snapshot, one after the other, without blanks and comments.</summary>
internal sealed class SnapshotTokens
{
    private readonly string _text;
    private int _position;
    private int _line = 1;

    public SnapshotTokens(string text)
    {
        _text = text;
        Current = "";
        Next();
    }

    /// <summary>The word that is due; empty at the end.</summary>
    public string Current { get; private set; }

    public bool IsAtEnd => Current.Length == 0;

    public bool TryTake(string word)
    {
        if (Current != word)
            return false;

        Next();
        return true;
    }

    /// <exception cref="FormatException">Another word stands there.</exception>
    public void Take(string word)
    {
        if (!TryTake(word))
            throw Unexpected($"'{word}'");
    }

    /// <summary>A name, with or without dots; one outside any package begins with a dot, which is dropped.</summary>
    /// <exception cref="FormatException">No name stands there.</exception>
    public string TakeName()
    {
        var name = Current.TrimStart('.');
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
            throw Unexpected("a name");

        Next();
        return name;
    }

    /// <exception cref="FormatException">No number stands there.</exception>
    public int TakeNumber()
    {
        if (!int.TryParse(Current, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Unexpected("a number");

        Next();
        return number;
    }

    /// <exception cref="FormatException">No text in quotes stands there.</exception>
    public string TakeQuoted()
    {
        if (Current.Length < 2 || Current[0] != '"')
            throw Unexpected("a name in quotes");

        var quoted = Current[1..^1];
        Next();
        return quoted;
    }

    public FormatException Unexpected(string expected) =>
        new($"line {_line.ToString(CultureInfo.InvariantCulture)}: expected {expected}, found {(IsAtEnd ? "the end" : $"'{Current}'")}.");

    private void Next()
    {
        SkipBlanks();
        var start = _position;
        if (_position == _text.Length)
        {
            Current = "";
            return;
        }

        if (_text[_position] == '"')
        {
            var end = _text.AsSpan(_position + 1).IndexOfAny('"', '\n');
            _position = end < 0 || _text[_position + 1 + end] == '\n' ? _position + 1 : _position + end + 2;
        }
        else if (IsOfAWord(_text[_position]))
        {
            while (_position < _text.Length && IsOfAWord(_text[_position]))
                _position++;
        }
        else
        {
            _position++;
        }

        Current = _text[start.._position];
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            if (_text.AsSpan(_position).StartsWith("//", StringComparison.Ordinal))
            {
                var length = _text.AsSpan(_position).IndexOf('\n');
                _position = length < 0 ? _text.Length : _position + length;
            }
            else if (char.IsWhiteSpace(_text[_position]) || _text[_position] == '\uFEFF')
            {
                if (_text[_position++] == '\n')
                    _line++;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsOfAWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-';
}
