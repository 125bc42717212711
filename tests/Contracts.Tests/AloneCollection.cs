namespace Plugwire.Contracts.Tests;

/// <summary>Tests that measure the whole process. They run when the others have ended, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
