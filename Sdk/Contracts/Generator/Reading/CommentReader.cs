using System.Collections.Immutable;
using System.Xml;
using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>
/// Reads the .proto's comment out of the documentation that Grpc.Tools made of it. Read as text, since a build without a documentation
/// file does not parse it as anything else.
/// </summary>
internal static class CommentReader
{
    /// <returns>The paragraphs' lines, escaped for XML, with an empty line between two paragraphs; empty when there is no comment.</returns>
    public static EquatableArray<string> Read(SyntaxNode member)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var inside = false;
        foreach (var line in member.GetLeadingTrivia().ToFullString().Split('\n'))
        {
            var text = line.Trim();
            if (!text.StartsWith("///", StringComparison.Ordinal))
                continue;

            text = text.Substring(3).Trim();
            if (text == "<summary>")
                inside = true;
            else if (text == "</summary>")
                break;
            else if (inside && (text.Length > 0 || (lines.Count > 0 && lines[lines.Count - 1].Length > 0)))
                lines.Add(Escape(text));
        }

        while (lines.Count > 0 && lines[lines.Count - 1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines.ToImmutable();
    }

    // Grpc.Tools escapes what opens a tag or an entity. What closes one may end a section that was never opened, and what is no character
    // of XML has no place in it at all.
    private static string Escape(string text) => new string([.. text.Select(character => char.IsSurrogate(character) || XmlConvert.IsXmlChar(character) ? character : ' ')]).Replace(">", "&gt;");
}
