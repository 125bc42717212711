namespace Plugwire;

/// <summary>One thing in which two sides' ideas of a contract differ so that calls between them break.</summary>
/// <param name="Rule">Which rule it breaks, such as <c>CONTRACT007</c>: see <c>docs/contract-rules.md</c>.</param>
/// <param name="Path">What differs, by its full name: a service, a method, a field, a oneof or an enum value.</param>
/// <param name="Here">What it is for who asked: the host, or the snapshot.</param>
/// <param name="There">What it is on the other side: in the plugin, or in the code as it is now.</param>
public sealed record ContractDifference(string Rule, string Path, string Here, string There);
