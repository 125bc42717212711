namespace Plugwire.EndToEnd.Tests;

/// <summary>Tests that measure the machine: memory, seconds, many processes at once. They run when the others have ended, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
