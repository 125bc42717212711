using System.Globalization;
using System.Text;

namespace Plugwire.Testing.Transcripts;

/// <summary>
/// Finds where a conversation differs from a recorded one. What one side of a call says has an order; what both say at the same time has none, and neither have calls that were open at the same time in
/// the recorded one. A call that began after another had ended comes after it.
/// </summary>
internal sealed class TranscriptComparison
{
    private const int MostShown = 5;

    private readonly ILookup<int?, TranscriptCall> _expected;
    private readonly ILookup<int?, TranscriptCall> _found;
    private readonly bool _bySideToo;
    private readonly List<string> _differences = [];

    private TranscriptComparison(IEnumerable<TranscriptCall> expected, IEnumerable<TranscriptCall> found, bool bySideToo)
    {
        _expected = expected.ToLookup(call => call.Parent);
        _found = found.ToLookup(call => call.Parent);
        _bySideToo = bySideToo;
    }

    /// <param name="expected">As it was recorded.</param>
    /// <param name="found">As it is now.</param>
    /// <param name="bySideToo">Whether it matters who recorded a call: the side that made it, or the side that handled it.</param>
    /// <returns>The differences, as text; null when there are none.</returns>
    public static string? Differences(IEnumerable<TranscriptCall> expected, IEnumerable<TranscriptCall> found, bool bySideToo = true)
    {
        var comparison = new TranscriptComparison(expected, found, bySideToo);
        comparison.CompareFrom(null, null);
        if (comparison._differences.Count == 0)
            return null;

        var shown = string.Join('\n', comparison._differences.Take(MostShown));
        return comparison._differences.Count > MostShown
            ? string.Create(CultureInfo.InvariantCulture, $"{shown}\n... and {comparison._differences.Count - MostShown} more differences")
            : shown;
    }

    // All calls from the handler of one call, or from none.
    private void CompareFrom(int? expectedParent, int? foundParent)
    {
        var found = _found[foundParent].ToList();
        foreach (var together in Together([.. _expected[expectedParent]]))
        {
            var candidates = found.Take(together.Count).ToList();
            found.RemoveRange(0, candidates.Count);
            foreach (var (expected, actual) in Pair(together, candidates))
                Compare(expected, actual);
        }

        foreach (var extra in found)
            _differences.Add($"An extra call, of which the transcript has nothing:\n{Show('+', [extra.Start, .. extra.Lines])}");
    }

    private void Compare(TranscriptCall expected, TranscriptCall? found)
    {
        if (found is null)
        {
            _differences.Add(string.Create(CultureInfo.InvariantCulture, $"Line {expected.Start.Number}: this call was not made:\n{Show('-', [expected.Start, .. expected.Lines])}"));
            return;
        }

        if (!IsSameStart(expected, found))
        {
            AddDifference(expected, [expected.Start], [found.Start]);
            return;
        }

        AddDifference(expected, expected.Requests, found.Requests);
        AddDifference(expected, expected.Responses, found.Responses);
        CompareFrom(expected.Start.Call, found.Start.Call);
    }

    private void AddDifference(TranscriptCall call, IReadOnlyList<TranscriptLine> expected, IReadOnlyList<TranscriptLine> found)
    {
        var same = 0;
        while (same < expected.Count && same < found.Count && expected[same].Text == found[same].Text)
            same++;
        if (same == expected.Count && same == found.Count)
            return;

        // Where the transcript has no such line, the one before says where it would stand.
        var line = same < expected.Count ? expected[same].Number : same > 0 ? expected[same - 1].Number : call.Start.Number;
        var tail = 0;
        while (tail < expected.Count - same && tail < found.Count - same && expected[^(tail + 1)].Text == found[^(tail + 1)].Text)
            tail++;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Line {line}: call {call.Start.Call}, {call.Method}, is another from here on:"));
        if (same > 0)
            text.Append('\n').Append(Show(' ', expected.Skip(same - 1).Take(1)));
        if (same < expected.Count - tail)
            text.Append('\n').Append(Show('-', expected.Skip(same).SkipLast(tail)));
        if (same < found.Count - tail)
            text.Append('\n').Append(Show('+', found.Skip(same).SkipLast(tail)));
        if (tail > 0)
            text.Append('\n').Append(Show(' ', expected.SkipLast(tail - 1).TakeLast(1)));
        _differences.Add(text.ToString());
    }

    /// <summary>Of calls that were open at the same time each gets the one that is like it, wherever it is; those that remain are paired as they come, first with such of the same method.</summary>
    private IEnumerable<(TranscriptCall Expected, TranscriptCall? Found)> Pair(List<TranscriptCall> expected, List<TranscriptCall> candidates)
    {
        var pairs = new Dictionary<TranscriptCall, TranscriptCall?>();
        foreach (var isLike in new Func<TranscriptCall, TranscriptCall, bool>[] { IsSame, IsSameStart, static (_, _) => true })
        {
            foreach (var call in expected.Where(call => !pairs.ContainsKey(call)))
            {
                if (candidates.Find(candidate => isLike(call, candidate)) is not { } like)
                    continue;

                pairs.Add(call, like);
                candidates.Remove(like);
            }
        }

        return expected.Select(call => (call, pairs.GetValueOrDefault(call)));
    }

    private bool IsSameStart(TranscriptCall one, TranscriptCall other) => one.Method == other.Method && (!_bySideToo || one.Start.Kind == other.Start.Kind);

    private bool IsSame(TranscriptCall one, TranscriptCall other) => IsSameStart(one, other)
        && one.Requests.Select(line => line.Text).SequenceEqual(other.Requests.Select(line => line.Text))
        && one.Responses.Select(line => line.Text).SequenceEqual(other.Responses.Select(line => line.Text));

    private static List<List<TranscriptCall>> Together(List<TranscriptCall> calls)
    {
        var groups = new List<List<TranscriptCall>>();
        var end = -1;
        foreach (var call in calls)
        {
            if (call.StartedAt > end)
                groups.Add([]);
            groups[^1].Add(call);
            end = Math.Max(end, call.EndedAt);
        }

        return groups;
    }

    private static string Show(char mark, IEnumerable<TranscriptLine> lines) => string.Join('\n', lines.Select(line => $"  {mark} {line}"));
}
