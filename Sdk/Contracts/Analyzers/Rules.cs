using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Analyzers;

/// <summary>What the analyzers report. Each has a page of its own, docs/diagnostics/ID.md.</summary>
internal static class Rules
{
    private const string Category = "Plugwire.Contracts";
    private const string HelpPages = "https://github.com/plugwire/plugwire/blob/main/docs/diagnostics/";

    /// <summary>The property of a <see cref="MissingMethods"/> that names the contract, for the fix.</summary>
    public const string ContractProperty = "Contract";

    /// <summary>The property of a <see cref="RepeatedEnumeration"/> that has the stream's name, for the fix.</summary>
    public const string StreamProperty = "Stream";

    /// <summary>No warning: a contract may grow, and must not break the build of those who have implemented it.</summary>
    public static readonly DiagnosticDescriptor MissingMethods = Rule(
        "PLUGW101",
        DiagnosticSeverity.Info,
        "An implementation leaves methods of its contract out",
        "'{0}' leaves {1} of '{2}' out, whose callers are told Unimplemented: {3}",
        "A contract's methods have bodies of their own, which answer Unimplemented, so that a contract may grow. A method that was forgotten answers the same.");

    public static readonly DiagnosticDescriptor IgnoredResult = Rule(
        "PLUGW102",
        DiagnosticSeverity.Warning,
        "The result of a contract's call is ignored",
        "The result of '{0}' is ignored: {1}",
        "A call whose result nobody awaits fails unseen. A call that answers a stream begins when the stream is enumerated: one that is not enumerated is not made at all.");

    public static readonly DiagnosticDescriptor Blocking = Rule(
        "PLUGW103",
        DiagnosticSeverity.Warning,
        "An implementation of a contract blocks a thread",
        "'{0}' blocks a thread for as long as it waits, in an implementation of '{1}': {2}",
        "Calls are handled on the thread pool, many at once. Each that blocks takes a thread away from all others, and a few dozen stop the whole process for seconds.");

    public static readonly DiagnosticDescriptor RepeatedEnumeration = Rule(
        "PLUGW104",
        DiagnosticSeverity.Warning,
        "A call's stream is enumerated twice",
        "'{0}' is enumerated {1}, and the stream of a call can be enumerated once only: keep what is needed of it, or make another call",
        "A stream's messages are gone once they have been read. The second enumeration throws InvalidOperationException.");

    public static readonly DiagnosticDescriptor AlmostImplemented = Rule(
        "PLUGW105",
        DiagnosticSeverity.Warning,
        "A method looks like one of the contract's and does not implement it",
        "'{0}' does not implement '{1}', whose callers are told Unimplemented: {2}",
        "A contract's methods have bodies of their own. The compiler takes a method with another signature for one that has nothing to do with the contract, and says nothing.");

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } = [MissingMethods, IgnoredResult, Blocking, RepeatedEnumeration, AlmostImplemented];

    private static DiagnosticDescriptor Rule(string id, DiagnosticSeverity severity, string title, string message, string description) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, description, $"{HelpPages}{id}.md");
}
