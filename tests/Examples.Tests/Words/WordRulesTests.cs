using Examples.Inspect.Words;
using Examples.Inspection;
using Examples.Tests.Scanning;
using Examples.Todos;
using Grpc.Core;
using Plugwire;

namespace Examples.Tests.Words;

/// <summary>The words that the host names to its inspector: what it says, and what the inspector makes of what it is told.</summary>
public sealed class WordRulesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Describe_WordsOfTheHost_AreTheRules()
    {
        var rules = await RulesAsync(new WordRules(["TODO", "todo", "BUG"]));

        Assert.Equal([("todo/todo", "Something is left to do."), ("todo/bug", "The word BUG.")], rules);
    }

    [Fact]
    public async Task Describe_NoWords_AreTheUsualFour()
    {
        Assert.Equal(["todo/todo", "todo/fixme", "todo/hack", "todo/xxx"], (await RulesAsync(new WordRules([]))).Select(rule => rule.Id));
    }

    [Fact]
    public void PatternsOf_WordNamedTwice_FindsItOnce()
    {
        var patterns = TodoInspectorService.PatternsOf(new WordRules(["BUG", "BUG", "bug"]).List);

        Assert.Equal([1, 5], ScannerRun.Scan(patterns, "BUG bug Bug"u8).Select(finding => (int)finding.Column));
    }

    [Theory]
    [InlineData("", "its host names '' as a word to look for: it has 0 characters: 1 to 64 are expected.")]
    [InlineData("two words", "its host names 'two words' as a word to look for: letters, digits and underscores of ASCII are expected.")]
    [InlineData("é", "letters, digits and underscores of ASCII are expected.")]
    public async Task Describe_WordThatIsNone_IsRefusedWithASentence(string word, string sentence)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => RulesAsync(new WordRules(["fine", word])));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.EndsWith(sentence, refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Word.MaxCount + 1)]
    public async Task Describe_NoWordOrTooMany_AreRefusedWithASentence(int count)
    {
        var list = new WordList();
        list.Words.AddRange(Enumerable.Range(0, count).Select(i => new Word { Text = $"word{i}" }));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => RulesAsync(new Fake(_ => list)));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.EndsWith($"its host names {count} words to look for: 1 to 32 are expected.", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_HostThatOffersNoRules_SaysWhatIsMissing()
    {
        IInspector inspector = new TodoInspectorService(new Fake(_ => throw new RpcException(new Status(StatusCode.Unimplemented, "The host does not offer Rules."))));

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await inspector.InspectAsync(AsyncEnumerable.Empty<FileChunk>(), cancellationToken: Cancellation).ToListAsync(Cancellation));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.EndsWith("its host does not say which words to look for. The host does not offer Rules.", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_ManyFiles_AskOnce()
    {
        var asked = 0;
        IInspector inspector = new TodoInspectorService(new Fake(_ =>
        {
            asked++;
            return new WordRules([]).List;
        }));
        var chunks = Enumerable.Range(0, 100).Select(i => new FileChunk { Path = Google.Protobuf.ByteString.CopyFromUtf8($"file {i}"), Last = true });

        Assert.Empty(await inspector.InspectAsync(chunks.ToAsyncEnumerable(), cancellationToken: Cancellation).ToListAsync(Cancellation));

        Assert.Equal(1, asked);
    }

    private static async Task<(string Id, string Summary)[]> RulesAsync(IRules rules)
    {
        IInspector inspector = new TodoInspectorService(rules);
        return [.. (await inspector.DescribeAsync(new DescribeRequest(), cancellationToken: Cancellation)).Rules.Select(rule => (rule.Id, rule.Summary))];
    }

    private sealed class Fake(Func<ListWordsRequest, WordList> answer) : IRules
    {
        public async ValueTask<WordList> ListWordsAsync(ListWordsRequest request, CallContext call, CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            return answer(request);
        }
    }
}
