namespace Plugwire.Testing.Tests;

/// <summary>Tests that look at the whole process, and so run while no other does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
