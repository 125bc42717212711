using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>Something that has to be ended.</summary>
/// <param name="Description">A clause that says what it is and that it has not been ended.</param>
/// <param name="Origin">Where it was made.</param>
/// <param name="Flow">In which scopes it was made; null for none.</param>
internal sealed record LivingThing(string Description, StackTrace Origin, LeakFlow? Flow);
