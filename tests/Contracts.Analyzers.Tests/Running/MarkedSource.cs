using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Plugwire.Contracts.Analyzers.Tests.Running;

/// <summary>A source in which <c>[|</c> and <c>|]</c> stand around what is to be reported.</summary>
internal sealed record MarkedSource(string Text, ImmutableArray<TextSpan> Spans)
{
    public static MarkedSource Parse(string marked)
    {
        var text = "";
        var spans = ImmutableArray.CreateBuilder<TextSpan>();
        var rest = marked.ReplaceLineEndings("\n");
        for (var open = rest.IndexOf("[|", StringComparison.Ordinal); open >= 0; open = rest.IndexOf("[|", StringComparison.Ordinal))
        {
            var close = rest.IndexOf("|]", open, StringComparison.Ordinal);
            Assert.True(close > open, $"A span is not closed: {rest[open..]}");
            text += rest[..open];
            spans.Add(new TextSpan(text.Length, close - open - 2));
            text += rest[(open + 2)..close];
            rest = rest[(close + 2)..];
        }

        return new MarkedSource(text + rest, spans.ToImmutable());
    }
}
