using System.Globalization;

namespace Plugwire.Testing.Transcripts;

/// <summary>One call of a transcript.</summary>
internal sealed class TranscriptCall
{
    private const string From = " from ";

    private TranscriptCall(TranscriptLine start, int startedAt)
    {
        Start = start;
        StartedAt = startedAt;
        EndedAt = int.MaxValue;
        var from = start.Value.IndexOf(From, StringComparison.Ordinal);
        Method = from < 0 ? start.Value : start.Value[..from];
        if (from >= 0)
            Parent = int.Parse(start.Value.AsSpan(from + From.Length), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public TranscriptLine Start { get; }

    /// <summary>Its place among the transcript's lines.</summary>
    public int StartedAt { get; }

    public int EndedAt { get; private set; }

    /// <summary>As on the wire: <c>/package.Service/Method</c>.</summary>
    public string Method { get; }

    /// <summary>The call from whose handler it was made; null for none.</summary>
    public int? Parent { get; }

    /// <summary>All of its lines but the first, in the order in which they came.</summary>
    public List<TranscriptLine> Lines { get; } = [];

    /// <summary>What the caller said. The order is the caller's own.</summary>
    public IReadOnlyList<TranscriptLine> Requests => [.. Lines.Where(line => LineKind.IsCallers(line.Kind))];

    /// <summary>What the caller was told, and how the call ended. The order is the callee's own.</summary>
    public IReadOnlyList<TranscriptLine> Responses => [.. Lines.Where(line => !LineKind.IsCallers(line.Kind))];

    /// <summary>The calls, in the order in which they began.</summary>
    /// <exception cref="FormatException">A line belongs to no call, or to one that has ended.</exception>
    public static List<TranscriptCall> In(IReadOnlyList<TranscriptLine> lines)
    {
        var calls = new Dictionary<int, TranscriptCall>();
        for (var place = 0; place < lines.Count; place++)
        {
            var line = lines[place];
            if (LineKind.IsStart(line.Kind))
            {
                var begun = new TranscriptCall(line, place);
                if (begun.Parent is { } parent && !calls.ContainsKey(parent))
                    throw Misplaced(line, $"call {parent}, from which it is made, has not begun");
                if (!calls.TryAdd(line.Call, begun))
                    throw Misplaced(line, $"call {line.Call} has begun before");
                continue;
            }

            if (!calls.TryGetValue(line.Call, out var call))
                throw Misplaced(line, $"call {line.Call} has not begun");
            if (call.EndedAt != int.MaxValue)
                throw Misplaced(line, $"call {line.Call} has ended");
            call.Lines.Add(line);
            if (LineKind.IsEnd(line.Kind))
                call.EndedAt = place;
        }

        return [.. calls.Values.OrderBy(call => call.StartedAt)];
    }

    private static FormatException Misplaced(TranscriptLine line, string why) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {line.Number}, '{line}': {why}."));
}
