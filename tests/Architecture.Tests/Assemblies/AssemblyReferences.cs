using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Plugwire.Architecture.Tests.Assemblies;

/// <summary>What a built assembly references, read from its metadata, and through it what it brings to a user.</summary>
internal static class AssemblyReferences
{
    /// <summary>The names an assembly references itself.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        using var stream = File.OpenRead(path);
        return Of(stream);
    }

    public static IReadOnlyList<string> Of(Stream assembly)
    {
        using var file = new PEReader(assembly);
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>HTTP of our own means: no ASP.NET Core, not even through a package, and no System.Net.Http of our own.</summary>
    /// <param name="assemblyName">The assembly to judge.</param>
    /// <param name="referencesOf">What the named assembly references; null when it is part of the runtime.</param>
    public static IEnumerable<string> Violations(string assemblyName, Func<string, IReadOnlyList<string>?> referencesOf)
    {
        foreach (var reference in referencesOf(assemblyName)!.Where(name => name.StartsWith("System.Net.Http", StringComparison.Ordinal)))
            yield return $"{assemblyName} references {reference}: the wire is our own HTTP/2.";

        var way = new Dictionary<string, string> { [assemblyName] = assemblyName };
        var queue = new Queue<string>([assemblyName]);
        while (queue.TryDequeue(out var name))
        {
            foreach (var reference in referencesOf(name) ?? [])
            {
                if (!way.TryAdd(reference, $"{way[name]} -> {reference}"))
                    continue;
                if (reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
                    yield return $"{way[reference]}: a plugin and its host need Microsoft.NETCore.App alone.";

                queue.Enqueue(reference);
            }
        }
    }
}
