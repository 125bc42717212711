using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Plugwire.Testing;

/// <summary>
/// Runs a theory once for each <see cref="PluginWay"/>, which is the test's first and only parameter, unless <see cref="Arguments"/> follow it. May stand on a theory several times, with other arguments.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PluginWaysAttribute : DataAttribute
{
    /// <summary>All ways: see <see cref="PluginWays.All"/>.</summary>
    public PluginWaysAttribute() => Ways = PluginWays.All;

    /// <summary>These ways.</summary>
    /// <param name="ways">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public PluginWaysAttribute(params PluginWay[] ways)
    {
        ArgumentNullException.ThrowIfNull(ways);
        if (ways.Length == 0)
            throw new ArgumentException("A theory without a way would never run.", nameof(ways));
        Ways = ways;
    }

    /// <summary>The ways in which the theory runs.</summary>
    public IReadOnlyList<PluginWay> Ways { get; }

    /// <summary>Whether the theory runs only in the ways that leave the plugin in the test's own process, where its services can be replaced; false by default.</summary>
    public bool InTestProcess { get; set; }

    /// <summary>What the test gets after the way; empty by default.</summary>
    public object?[] Arguments { get; set; } = [];

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No way is left.</exception>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        ITheoryDataRow[] rows =
        [
            .. Ways.Where(way => !InTestProcess || PluginWays.InTestProcess.Contains(way)).Select(way => ConvertDataRow(new object?[] { way }.Concat(Arguments).ToArray())),
        ];
        return rows.Length > 0
            ? new(rows)
            : throw new InvalidOperationException($"None of the ways {string.Join(", ", Ways)} leaves the plugin in the test's process, so that the theory would never run.");
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
