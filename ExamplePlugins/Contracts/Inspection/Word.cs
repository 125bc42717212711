namespace Examples.Inspection;

/// <summary>The limits that the contract sets to words: the host checks by them what it is told, and the inspector what it is given.</summary>
public sealed partial class Word
{
    public const int MaxLength = 64;

    /// <summary>How many words one list may have.</summary>
    public const int MaxCount = 32;

    /// <summary>Why this text is no word that can be looked for, as the end of a sentence; null if it is one.</summary>
    public static string? Refusal(string text) =>
        text.Length is 0 or > MaxLength ? $"it has {text.Length} characters: 1 to {MaxLength} are expected"
        : !text.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_') ? "letters, digits and underscores of ASCII are expected"
        : null;
}
