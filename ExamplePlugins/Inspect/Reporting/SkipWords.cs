using Examples.Inspect.Walking;

namespace Examples.Inspect.Reporting;

/// <summary>What a reason to skip a name is called.</summary>
internal static class SkipWords
{
    public static string Of(SkipReason reason) => reason switch
    {
        SkipReason.Empty => "empty",
        SkipReason.Binary => "binary",
        SkipReason.Symlink => "symlink",
        SkipReason.Fifo => "FIFO",
        SkipReason.Socket => "socket",
        SkipReason.Device => "device",
        SkipReason.Unreadable => "unreadable",
        SkipReason.Loop => "loop",
        SkipReason.Output => "written by this run",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No word for it."),
    };
}
