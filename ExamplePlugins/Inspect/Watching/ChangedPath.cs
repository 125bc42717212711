namespace Examples.Inspect.Watching;

/// <summary>A path of the tree that changed.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="IsNew">A directory that is new is inspected whole; one that merely changed tells by its files.</param>
internal readonly record struct ChangedPath(byte[] Path, bool IsNew);
