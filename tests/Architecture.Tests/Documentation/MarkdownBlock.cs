namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>A fenced block of a document.</summary>
/// <param name="Path">The document.</param>
/// <param name="Line">Where its first line stands.</param>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Code">Its lines.</param>
/// <param name="Given">What a comment above it declares for it; empty for nothing.</param>
internal sealed record MarkdownBlock(string Path, int Line, string Language, string Code, string Given)
{
    public override string ToString() => $"{Path}:{Line}";
}
