using Microsoft.Win32.SafeHandles;

namespace Examples.Inspect.Walking;

/// <summary>A file that was opened, which the caller closes, or why it was not.</summary>
internal readonly record struct OpenedFile(SafeFileHandle? Handle, SkipReason Skip = default, string? Why = null);
