using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>What the kit has made and nobody has disposed of yet, with the place where it was made.</summary>
internal static class Living
{
    private static readonly ConcurrentDictionary<object, LivingThing> Things = new(ReferenceEqualityComparer.Instance);

    public static IEnumerable<LivingThing> All => Things.Values;

    public static void Add(object instance, string description, StackTrace origin) => Things[instance] = new LivingThing(instance, description, origin);

    public static void Remove(object instance) => Things.TryRemove(instance, out _);
}
