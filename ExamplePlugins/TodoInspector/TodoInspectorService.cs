using Examples.Inspection;
using Examples.Scanning;
using Grpc.Core;
using Plugwire;

namespace Examples.Todos;

/// <summary>Finds the words that its host names: what <c>LC_ALL=C grep -owE 'TODO|FIXME|HACK|XXX'</c> finds when these are TODO, FIXME, HACK and XXX.</summary>
internal sealed class TodoInspectorService(IRules rules) : PatternInspector("todo-inspector")
{
    /// <summary>Throws <c>FAILED_PRECONDITION</c> when these words cannot be looked for.</summary>
    public static IReadOnlyList<Pattern> PatternsOf(WordList list)
    {
        if (list.Words.Count is 0 or > Word.MaxCount)
            throw Failure($"its host names {list.Words.Count} words to look for: 1 to {Word.MaxCount} are expected.");
        foreach (var word in list.Words)
        {
            if (Word.Refusal(word.Text) is { } refusal)
                throw Failure($"its host names '{word.Text}' as a word to look for: {refusal}.");
        }

        // A word that is named twice is found once.
        return [.. list.Words.DistinctBy(word => word.Text).Select(word => new WordPattern(word.Text, word.Summary))];
    }

    // The call goes on with its deadline: an answer that comes too late for the inspection is none.
    protected override async ValueTask<IReadOnlyList<Pattern>> GetPatternsAsync(CallContext call, CancellationToken cancellationToken)
    {
        try
        {
            return PatternsOf(await rules.ListWordsAsync(new ListWordsRequest(), call, cancellationToken));
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unimplemented or StatusCode.Unavailable)
        {
            throw Failure($"its host does not say which words to look for. {exception.Status.Detail}");
        }
    }

    private static RpcException Failure(string why) => new(new Status(StatusCode.FailedPrecondition, $"The inspector of words cannot work: {why}"));
}
