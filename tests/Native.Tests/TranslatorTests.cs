using System.Threading.Channels;
using Examples.Inspection;
using Examples.Translation;
using Grpc.Core;
using Plugwire.Hosting;

namespace Plugwire.Native.Tests;

/// <summary>Every kind of call to a real plugin, which calls its host back in each; the same of the native program as of the portable one.</summary>
public sealed class TranslatorTests(TranslatorPrograms programs) : IClassFixture<TranslatorPrograms>
{
    private readonly TestGlossary _glossary = new();

    public static TheoryData<bool> Forms => [false, true];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Publish_AsANativeProgram_IsAFileThatNeedsNoRuntime()
    {
        Assert.SkipWhen(TranslatorPrograms.Linker is null, NoLinker);

        Assert.True(File.Exists(programs.Native));
        Assert.Empty(Directory.EnumerateFiles(programs.NativeDirectory, "*.dll", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(programs.NativeDirectory, "*.runtimeconfig.json", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Call_OfEachKind_CallsTheHostBack(bool native)
    {
        await using var plugin = await StartAsync(native);
        var translator = plugin.GetContract<ITranslator>();

        Assert.Equal(
            new TranslatedText { Content = "a small rotes car!", UnknownWords = 1 },
            await translator.TranslateAsync(new Text { Content = "Ein kleiner rotes Wagen!" }, cancellationToken: Cancellation).Within());
        Assert.Equal(["ein", "kleiner", "rotes", "wagen"], _glossary.LookedUp);
        Assert.All(_glossary.Peers, peer => Assert.Equal("plugin:translator", peer));

        Assert.Equal(
            [new Gloss { Word = "Ein", Meaning = "a" }, new Gloss { Word = "Zug" }],
            await translator.ExplainAsync(new Text { Content = "Ein Zug" }, cancellationToken: Cancellation).ToListAsync(Cancellation).Within());

        var texts = Enumerable.Range(0, 100).Select(_ => new Text { Content = "ein Wagen, kein Zug" });
        Assert.Equal(
            new Coverage { Texts = 100, Words = 400, KnownWords = 200 },
            await translator.MeasureAsync(texts.ToAsyncEnumerable(), cancellationToken: Cancellation).Within());

        var spoken = Channel.CreateUnbounded<Text>();
        await using var heard = translator.InterpretAsync(spoken.Reader.ReadAllAsync(Cancellation), cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 100; i++)
        {
            spoken.Writer.TryWrite(new Text { Content = $"Wagen {i}" });
            Assert.True(await heard.MoveNextAsync().Within());
            Assert.Equal($"car {i}", heard.Current.Content);
        }

        spoken.Writer.Complete();
        Assert.False(await heard.MoveNextAsync().Within());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Call_ThatIsCancelledWhileItCallsBack_EndsBoth(bool native)
    {
        await using var plugin = await StartAsync(native);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = plugin.GetContract<ITranslator>().TranslateAsync(new Text { Content = TestGlossary.Endless }, cancellationToken: cancelled.Token).AsTask();
        await _glossary.IsEndless.Within();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(CallCancellation.Caller, await _glossary.Ended.Within());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Call_WithATextThatIsTooLong_IsRefusedWithASentence(bool native)
    {
        await using var plugin = await StartAsync(native);

        var refusal = await Assert.ThrowsAnyAsync<RpcException>(() => plugin.GetContract<ITranslator>().TranslateAsync(new Text { Content = new string('a', 10_001) }, cancellationToken: Cancellation).Within());

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal("The text has 10001 characters: at most 10000 are expected.", refusal.Status.Detail);
        Assert.Empty(_glossary.LookedUp);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Call_ToAPluginWhoseHostHasNoGlossary_SaysWhatIsMissing(bool native)
    {
        await using var plugin = await StartAsync(Options(native).AddHostContract<IRules>(new NoRules()));

        var refusal = await Assert.ThrowsAnyAsync<RpcException>(() => plugin.GetContract<ITranslator>().TranslateAsync(new Text { Content = "Wagen" }, cancellationToken: Cancellation).Within());

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.StartsWith("The translator cannot work without its host's glossary. The host does not offer 'examples.translation.v1.Glossary'", refusal.Status.Detail, StringComparison.Ordinal);
    }

    private const string NoLinker = "Neither clang nor gcc is on the path: nothing can link a native program here.";

    private Task<Plugin> StartAsync(bool native) => StartAsync(Options(native).AddHostContract<IGlossary>(_glossary));

    private static Task<Plugin> StartAsync(PluginOptions options) => Plugin.StartAsync(options, Cancellation).Within();

    // Budgets that no busy machine exceeds.
    private PluginOptions Options(bool native)
    {
        Assert.SkipWhen(native && TranslatorPrograms.Linker is null, NoLinker);
        return new PluginOptions(native ? programs.Native : TranslatorPrograms.Portable)
        {
            Name = "translator",
            StartTimeout = TimeSpan.FromSeconds(90),
            ConnectTimeout = TimeSpan.FromSeconds(60),
            DrainTimeout = TimeSpan.FromSeconds(30),
            TerminateTimeout = TimeSpan.FromSeconds(30),
            KillTimeout = TimeSpan.FromSeconds(30),
        };
    }

    private sealed class NoRules : IRules;
}
