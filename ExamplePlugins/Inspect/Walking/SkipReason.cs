namespace Examples.Inspect.Walking;

/// <summary>Why a name of the tree was not inspected.</summary>
internal enum SkipReason
{
    Empty,
    Binary,
    Symlink,
    Fifo,
    Socket,
    Device,
    Unreadable,

    /// <summary>A directory that is one of those it lies in.</summary>
    Loop,

    /// <summary>The file this run writes its findings to.</summary>
    Output,
}
