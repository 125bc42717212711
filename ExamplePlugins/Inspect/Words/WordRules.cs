using Examples.Inspection;
using Plugwire;

namespace Examples.Inspect.Words;

/// <summary>What this host answers inspectors that ask which words to look for.</summary>
internal sealed class WordRules : IRules
{
    private static readonly Word[] Usual =
    [
        new() { Text = "TODO", Summary = "Something is left to do." },
        new() { Text = "FIXME", Summary = "Something is known to be broken." },
        new() { Text = "HACK", Summary = "Something works by a trick." },
        new() { Text = "XXX", Summary = "Something needs attention." },
    ];

    /// <param name="words">The words; none for the usual four.</param>
    public WordRules(IReadOnlyList<string> words) =>
        List.Words.AddRange(words.Count == 0 ? Usual : words.Select(text => Array.Find(Usual, word => word.Text == text) ?? new Word { Text = text, Summary = $"The word {text}." }));

    public WordList List { get; } = new();

    public ValueTask<WordList> ListWordsAsync(ListWordsRequest request, CallContext call, CancellationToken cancellationToken) => new(List);
}
