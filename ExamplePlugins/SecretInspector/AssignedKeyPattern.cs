using System.Buffers;
using System.Text;
using Examples.Scanning;

namespace Examples.Secrets;

/// <summary>A key without a shape of its own, told by the name it is assigned to: the name, <c>=</c> or <c>:</c>, and a value of a known length.</summary>
internal sealed class AssignedKeyPattern(string ruleId, string summary, ReadOnlySpan<byte> name, SearchValues<byte> alphabet, int length)
    : Pattern(ruleId, summary, name)
{
    private const int LongestAssignment = 16;

    public override Hit Look(ReadOnlySpan<byte> view, int at)
    {
        var behind = at + Anchor.Length;
        var sign = Skip(view, behind, " \t\"'"u8);
        if (sign >= view.Length || view[sign] is not ((byte)'=' or (byte)':'))
            return Hit.None(behind);

        var value = Skip(view, sign + 1, " \t\"'>"u8);
        var run = view[value..].IndexOfAnyExcept(alphabet);
        var end = run < 0 ? view.Length : value + run;
        return end - value == length
            ? Hit.At(at, end, $"{Encoding.ASCII.GetString(Anchor)}={Mask.Of(view[value..end])}")
            : Hit.None(behind);
    }

    private static int Skip(ReadOnlySpan<byte> view, int from, ReadOnlySpan<byte> bytes)
    {
        var rest = view[from..Math.Min(view.Length, from + LongestAssignment)];
        var length = rest.IndexOfAnyExcept(bytes);
        return from + (length < 0 ? rest.Length : length);
    }
}
