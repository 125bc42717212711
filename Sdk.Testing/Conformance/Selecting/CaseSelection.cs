using Plugwire.Testing.Conformance.Revisions;
using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Selecting;

/// <summary>The checks that a run consists of.</summary>
/// <param name="Revision">The revision's name.</param>
/// <param name="Checks">In the order of a report; never empty.</param>
internal sealed record CaseSelection<TSubject>(string Revision, IReadOnlyList<ConformanceCheck<TSubject>> Checks)
{
    /// <param name="suite"><c>plugin</c> or <c>host</c>.</param>
    /// <param name="all">All checks of the suite.</param>
    /// <param name="revision">Null for the latest.</param>
    /// <param name="filter">An id, or what stands before its dot; null for all.</param>
    /// <exception cref="ArgumentException">There is no such revision, or no case passes the filter.</exception>
    public static CaseSelection<TSubject> Of(string suite, IEnumerable<ConformanceCheck<TSubject>> all, string? revision, string? filter)
    {
        var revisions = RequirementSet.Revisions(suite);
        var name = revision ?? revisions[^1];
        if (!RequirementSet.TryRead(suite, name, out var set))
            throw new ArgumentException($"There is no revision '{name}' of the requirements for {suite}s: there are {string.Join(", ", revisions)}.", nameof(revision));

        var checks = all.Where(check => set.Ids.Contains(check.Case.Id) && Passes(check.Case, filter)).ToArray();
        return checks.Length > 0
            ? new CaseSelection<TSubject>(name, checks)
            : throw new ArgumentException($"No case of revision {name} is '{filter}' or begins with it and a dot.", nameof(filter));
    }

    private static bool Passes(ConformanceCase item, string? filter) =>
        filter is null || item.Id == filter || item.Id.StartsWith(filter + ".", StringComparison.Ordinal);
}
