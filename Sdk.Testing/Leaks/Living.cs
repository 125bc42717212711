using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>What the kit has made and nobody has ended yet, with the place where it was made.</summary>
internal static class Living
{
    private static readonly ConcurrentDictionary<object, LivingThing> Things = new(ReferenceEqualityComparer.Instance);

    /// <summary>What was made within a scope, in its flow.</summary>
    public static IEnumerable<LivingThing> In(LeakFlow scope) => Things.Values.Where(thing => thing.Flow?.IsWithin(scope) == true);

    /// <param name="instance">Until <see cref="Remove"/>.</param>
    /// <param name="description">A clause that says what it is and that it has not been ended.</param>
    /// <param name="origin">Where it was made.</param>
    /// <param name="flow">In which scopes.</param>
    public static void Add(object instance, string description, StackTrace origin, LeakFlow? flow) => Things[instance] = new LivingThing(description, origin, flow);

    public static void Remove(object instance) => Things.TryRemove(instance, out _);
}
