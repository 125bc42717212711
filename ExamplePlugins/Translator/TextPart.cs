namespace Examples.Translating;

/// <summary>A part of a text: a run of letters, which is a word, or what stands between two of them.</summary>
internal readonly record struct TextPart(string Content, bool IsWord)
{
    /// <summary>The parts of a text, in their order; together they are the text.</summary>
    public static IEnumerable<TextPart> Of(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var isWord = char.IsLetter(text[start]);
            var end = start + 1;
            while (end < text.Length && char.IsLetter(text[end]) == isWord)
                end++;
            yield return new TextPart(text[start..end], isWord);
            start = end;
        }
    }
}
