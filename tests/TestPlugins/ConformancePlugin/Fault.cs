namespace Plugwire.TestPlugins.Conformance;

/// <summary>The one case that the plugin is to fail.</summary>
internal sealed class Fault
{
    private const string Prefix = "--break=";

    private readonly string _caseId;

    private Fault(string caseId) => _caseId = caseId;

    public static Fault None { get; } = new("");

    /// <summary>Null when the arguments ask for no plugin made by hand.</summary>
    public static Fault? Of(string[] args) =>
        args.FirstOrDefault(argument => argument.StartsWith(Prefix, StringComparison.Ordinal)) is { } argument ? new Fault(argument[Prefix.Length..])
            : args.Contains("--by-hand") ? None
            : null;

    public bool Breaks(string caseId) => _caseId == caseId;
}
