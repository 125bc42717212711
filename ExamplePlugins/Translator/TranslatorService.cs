using System.Runtime.CompilerServices;
using System.Text;
using Examples.Translation;
using Grpc.Core;
using Plugwire;

namespace Examples.Translating;

/// <summary>Every kind of call; in each of them the host is called back, for its glossary.</summary>
internal sealed class TranslatorService(IGlossary glossary) : ITranslator
{
    private const int MaxLength = 10_000;

    public async ValueTask<TranslatedText> TranslateAsync(Text request, CallContext call, CancellationToken cancellationToken)
    {
        var content = new StringBuilder();
        var unknown = 0;
        foreach (var part in PartsOf(request))
        {
            var meaning = part.IsWord ? await LookUpAsync(part.Content, call, cancellationToken) : null;
            content.Append(meaning ?? part.Content);
            if (part.IsWord && meaning is null)
                unknown++;
        }

        return new TranslatedText { Content = content.ToString(), UnknownWords = unknown };
    }

    public async IAsyncEnumerable<Gloss> ExplainAsync(Text request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in PartsOf(request).Where(part => part.IsWord))
        {
            var gloss = new Gloss { Word = part.Content };
            if (await LookUpAsync(part.Content, call, cancellationToken) is { } meaning)
                gloss.Meaning = meaning;
            yield return gloss;
        }
    }

    public async ValueTask<Coverage> MeasureAsync(IAsyncEnumerable<Text> requests, CallContext call, CancellationToken cancellationToken)
    {
        var coverage = new Coverage();
        await foreach (var text in requests.WithCancellation(cancellationToken))
        {
            coverage.Texts++;
            foreach (var part in PartsOf(text).Where(part => part.IsWord))
            {
                coverage.Words++;
                if (await LookUpAsync(part.Content, call, cancellationToken) is not null)
                    coverage.KnownWords++;
            }
        }

        return coverage;
    }

    public async IAsyncEnumerable<TranslatedText> InterpretAsync(
        IAsyncEnumerable<Text> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var text in requests.WithCancellation(cancellationToken))
            yield return await TranslateAsync(text, call, cancellationToken);
    }

    private static IEnumerable<TextPart> PartsOf(Text text) => text.Content.Length <= MaxLength
        ? TextPart.Of(text.Content)
        : throw new RpcException(new Status(StatusCode.InvalidArgument, $"The text has {text.Content.Length} characters: at most {MaxLength} are expected."));

    // With the context of the call that is being handled: its deadline and its end are the look-up's too.
    private async ValueTask<string?> LookUpAsync(string word, CallContext call, CancellationToken cancellationToken)
    {
        try
        {
            var entry = await glossary.LookUpAsync(new Term { Word = word.ToLowerInvariant() }, call, cancellationToken);
            return entry.HasMeaning ? entry.Meaning : null;
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unimplemented or StatusCode.Unavailable)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"The translator cannot work without its host's glossary. {exception.Status.Detail}"));
        }
    }
}
