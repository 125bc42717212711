using Examples.Translating;
using Examples.Translation;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class TranslatorTests
{
    private readonly FakeContract<IGlossary> _glossary = new();

    public TranslatorTests() => _glossary.When(glossary => glossary.LookUpAsync, (Term term) => term.Word == "hello" ? new Entry { Meaning = "salve" } : new Entry());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Interpret_TextAfterText_AnswersEachBeforeTheNext(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<TranslatorPlugin>(way, options => options.Host.AddHostContract(_glossary), Token);
        var texts = new StreamSource<Text>();
        await using var call = CallProbe.Start(harness.GetContract<ITranslator>().InterpretAsync, texts);

        await texts.WriteAsync(new Text { Content = "Hello, you!" }, Token);
        await call.Responses.ExpectAsync(new TranslatedText { Content = "salve, you!", UnknownWords = 1 }, Token);

        Assert.Equal(2, _glossary.Calls.Count);
        texts.Complete();
        await call.Responses.ExpectEndAsync(Token);
    }

    [Theory, PluginWays]
    public async Task Measure_Texts_CountsTheWordsThatItsHostKnows(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<TranslatorPlugin>(way, options => options.Host.AddHostContract(_glossary), Token);
        var texts = new[] { "hello world", "hello" }.Select(text => new Text { Content = text });

        var coverage = await harness.GetContract<ITranslator>().MeasureAsync(texts.ToAsyncEnumerable(), cancellationToken: Token);

        Assert.Equal(new Coverage { Texts = 2, Words = 3, KnownWords = 2 }, coverage);
    }
}
