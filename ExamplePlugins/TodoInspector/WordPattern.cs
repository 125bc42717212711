using System.Buffers;
using System.Text;
using Examples.Scanning;

namespace Examples.Todos;

/// <summary>A word that stands alone: neither neighbour is a letter, a digit or an underscore of ASCII, as <c>LC_ALL=C grep -w</c> sees it.</summary>
internal sealed class WordPattern(string word, string summary) : Pattern($"todo/{word.ToLowerInvariant()}", summary, Encoding.ASCII.GetBytes(word))
{
    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    public override Hit Look(ReadOnlySpan<byte> view, int at)
    {
        var end = at + Anchor.Length;
        var tail = view[end..].IndexOfAnyExcept(WordBytes);

        // No whole word begins inside a longer one: the search goes on behind it.
        var wordEnd = tail < 0 ? view.Length : end + tail;
        var alone = wordEnd == end && (at == 0 || !WordBytes.Contains(view[at - 1]));
        return alone ? Hit.At(at, end, Excerpt.Around(view, at)) : Hit.None(wordEnd);
    }
}
