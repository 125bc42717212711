using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>Something that has to be disposed of.</summary>
internal sealed record LivingThing(object Instance, string Description, StackTrace Origin);
