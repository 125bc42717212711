namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>What a host does wrong with its plugin's process.</summary>
internal enum ChildFault
{
    None,

    /// <summary>It is never ended.</summary>
    IsLeft,

    /// <summary>It is ended without its group and descendants.</summary>
    EndsAlone,

    /// <summary>Its end is taken for that of its output.</summary>
    HasItsOutputReadToTheEnd,
}
