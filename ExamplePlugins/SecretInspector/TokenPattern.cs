using System.Buffers;
using Examples.Scanning;

namespace Examples.Secrets;

/// <summary>A token that tells its issuer by its first characters: a prefix, then so many characters of one alphabet, and nothing of a word on either side.</summary>
internal sealed class TokenPattern(string ruleId, string summary, ReadOnlySpan<byte> prefix, SearchValues<byte> alphabet, int shortest, int longest)
    : Pattern(ruleId, summary, prefix)
{
    public override Hit Look(ReadOnlySpan<byte> view, int at)
    {
        var body = at + Anchor.Length;
        var length = view[body..].IndexOfAnyExcept(alphabet);
        var end = length < 0 ? view.Length : body + length;

        var alone = (at == 0 || !IsWord(view[at - 1])) && (end == view.Length || !IsWord(view[end]));
        return alone && end - body >= shortest && end - body <= longest
            ? Hit.At(at, end, Mask.Of(view[at..end]))
            : Hit.None(body);
    }

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';
}
