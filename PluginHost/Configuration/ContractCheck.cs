namespace Plugwire.Hosting;

/// <summary>How far a start compares the contracts that a host asks for with what the plugin serves.</summary>
public enum ContractCheck
{
    /// <summary>
    /// As far as the plugin tells what it serves. One that serves no descriptors, being written in another language or with an older SDK, is not checked, or only for the names of its
    /// services; the log says so. The default.
    /// </summary>
    WhenServed,

    /// <summary>Always: a plugin that does not serve the descriptors of each contract does not start.</summary>
    Required,

    /// <summary>Not at all.</summary>
    Off,
}
