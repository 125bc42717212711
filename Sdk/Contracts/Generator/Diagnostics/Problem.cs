using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Diagnostics;

/// <summary>Something to report, as a value.</summary>
/// <param name="Rule">The rule, one of <see cref="Rules"/>.</param>
/// <param name="Place">Where; null for the whole compilation.</param>
/// <param name="Arguments">What the rule's sentence is filled with.</param>
internal sealed record Problem(DiagnosticDescriptor Rule, Place? Place, EquatableArray<string> Arguments)
{
    public Problem(DiagnosticDescriptor rule, Place? place, params string[] arguments)
        : this(rule, place, ImmutableArray.Create(arguments))
    {
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Place?.ToLocation(), [.. Arguments]);
}
