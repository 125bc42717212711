namespace Plugwire.Wire.Tests.Hostile;

/// <summary>Tests that look at the process's memory run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Memory";
}
