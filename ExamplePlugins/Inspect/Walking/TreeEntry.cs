namespace Examples.Inspect.Walking;

/// <summary>A name of the tree: a regular file, or something that is skipped, and why.</summary>
/// <param name="Path">Relative to the root, as the file system has it: bytes, with '/' between names.</param>
/// <param name="Skip">Null for a regular file.</param>
/// <param name="Why">What the system said, where it said something.</param>
internal readonly record struct TreeEntry(byte[] Path, SkipReason? Skip = null, string? Why = null);
