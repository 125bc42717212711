using Examples.Inspection;

namespace Examples.Inspect.Streaming;

/// <summary>An inspector, and the name it is spoken of by.</summary>
internal readonly record struct NamedInspector(string Name, IInspector Inspector);
