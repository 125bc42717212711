namespace Examples.Inspect;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Directory">The directory to inspect.</param>
/// <param name="Words">The words to look for; none for the usual ones.</param>
/// <param name="SarifPath">Where to write the findings as SARIF; null for nowhere.</param>
/// <param name="Watch">Whether to go on with what changes.</param>
/// <param name="Verbose">Whether to name what is skipped.</param>
/// <param name="Chaos">Whether to kill and freeze the inspectors meanwhile.</param>
internal sealed record InspectOptions(string Directory, IReadOnlyList<string> Words, string? SarifPath, bool Watch, bool Verbose, bool Chaos);
