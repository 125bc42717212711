namespace Plugwire.Testing.Tests;

/// <summary>Tests that look at the whole process, or need the machine for themselves. They run when the others have ended, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
