namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>What a host does wrong with a pipe of its plugin's.</summary>
internal enum PipeFault
{
    /// <summary>What comes first is read otherwise than it stands there.</summary>
    IsRewritten,

    /// <summary>One read is all.</summary>
    IsReadOnce,

    /// <summary>All that comes is kept.</summary>
    IsKept,

    /// <summary>What comes ends the host.</summary>
    EndsTheHost,

    /// <summary>The end of the pipe ends the host.</summary>
    EndsTheHostWithItself,
}
