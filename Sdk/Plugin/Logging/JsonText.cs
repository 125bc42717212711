namespace Plugwire.Logging;

/// <summary>How many bytes a text takes in JSON, never guessed too low, so that a line can be cut before it is written.</summary>
internal static class JsonText
{
    // \u0000: what a UTF-16 unit takes at most when it is escaped; unescaped it takes at most three.
    private const int Escaped = 6;

    /// <summary>At most so many bytes, without the quotes.</summary>
    public static int MostBytes(ReadOnlySpan<char> text)
    {
        var bytes = 0;
        foreach (var character in text)
            bytes += MostBytes(character);
        return bytes;
    }

    /// <summary>How many characters of the text fit for certain; a pair of surrogates stays whole.</summary>
    public static int FittingLength(ReadOnlySpan<char> text, int maxBytes)
    {
        var bytes = 0;
        for (var i = 0; i < text.Length; i++)
        {
            bytes += MostBytes(text[i]);
            if (bytes > maxBytes)
                return i > 0 && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i;
        }

        return text.Length;
    }

    private static int MostBytes(char character) => character is >= ' ' and <= '~' and not '"' and not '\\' ? 1 : Escaped;
}
