using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Arrows;

/// <summary>Which project may reference which, strictly one way. Above all: a plugin and its host know each other by the wire alone.</summary>
internal static class ProjectArrows
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Plugwire.Wire"] = [],
        ["Plugwire.Contracts"] = [],
        ["Plugwire.Contracts.Generator"] = [],
        ["Plugwire.Contracts.Analyzers"] = [],
        ["Plugwire.Contracts.CodeFixes"] = ["Plugwire.Contracts.Analyzers"],
        ["Plugwire.Sdk"] = ["Plugwire.Wire", "Plugwire.Contracts"],
        ["Plugwire.Sdk.AspNetCore"] = ["Plugwire.Sdk"],
        ["Plugwire.PluginHost"] = ["Plugwire.Wire", "Plugwire.Contracts"],
        ["Plugwire.PluginHost.InProcess"] = ["Plugwire.PluginHost", "Plugwire.Sdk"],
        ["Plugwire.Sdk.Testing"] =
            ["Plugwire.Wire", "Plugwire.Contracts", "Plugwire.Sdk", "Plugwire.Sdk.AspNetCore", "Plugwire.PluginHost", "Plugwire.PluginHost.InProcess"],
        ["Plugwire.Sdk.Testing.Xunit"] = ["Plugwire.Sdk.Testing"],
        ["Plugwire.Sdk.Testing.Command"] = ["Plugwire.Sdk.Testing"],
    };

    public static IEnumerable<string> Violations(IEnumerable<ProductProject> projects)
    {
        foreach (var project in projects)
        {
            if (!MayReference.TryGetValue(project.AssemblyName, out var allowed))
            {
                yield return $"{project.Path}: a project that the table of arrows does not know. Say in {nameof(ProjectArrows)} what it may stand on.";
                continue;
            }

            foreach (var reference in project.References().Where(reference => !allowed.Contains(reference)))
                yield return $"{project.Path}: {project.AssemblyName} references {reference}. It may reference: {(allowed.Length == 0 ? "none of ours" : string.Join(", ", allowed))}.";
        }
    }
}
