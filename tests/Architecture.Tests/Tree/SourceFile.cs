using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Architecture.Tests.Tree;

/// <summary>A source file: its path below the root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public SyntaxTree Parse() => CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Preview), Path);
}
