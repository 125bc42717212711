using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Plugwire.Contracts.Generator.Diagnostics;

/// <summary>A place in a file, as a value: it keeps no syntax tree alive.</summary>
internal sealed record Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place Of(SyntaxToken token)
    {
        var location = token.GetLocation();
        return new Place(token.SyntaxTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);
    }

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
