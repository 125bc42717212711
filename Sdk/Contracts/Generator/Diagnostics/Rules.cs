using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Generator.Diagnostics;

/// <summary>What the generator reports. Each has a page of its own, docs/diagnostics/ID.md.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor UnusableName = Rule(
        "PLUGW001",
        "A name of the .proto does not work in C#",
        "{0}, so what Grpc.Tools generates for the service '{1}' does not compile. {2}.",
        DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor CollidingCalls = Rule(
        "PLUGW002",
        "Two rpcs of a service collide in the client that Grpc.Tools generates",
        "The rpcs '{0}' and '{1}' of the service '{2}' both become {1} in the client that Grpc.Tools generates, so it does not compile. Rename one of them, or generate no client (GrpcServices=\"Server\").",
        DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor OtherInterfaceName = Rule(
        "PLUGW003",
        "A contract has another name than usual",
        "The contract of the service '{0}' is named {2}, since there is another {1} in its namespace",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor OtherMethodName = Rule(
        "PLUGW004",
        "A contract's method has another name than usual",
        "The rpc '{0}' of the service '{1}' becomes {3}, since {2} is what its rpc '{4}' becomes",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor HiddenNamespace = Rule(
        "PLUGW005",
        "A type hides a namespace that generated code needs",
        "The type '{0}' stands in no namespace and hides the namespace '{0}', so no contract can be generated. Give its .proto a package, or the option csharp_namespace.",
        DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor GeneratedTwice = Rule(
        "PLUGW006",
        "A service is generated twice",
        "There are two services whose class is {0} ('{1}' and '{2}'), so no contract is generated for them. Compile the .proto once, or give one of the two another csharp_namespace.",
        DiagnosticSeverity.Error);

    private const string HelpPages = "https://github.com/plugwire/plugwire/blob/main/docs/diagnostics/";

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } = [UnusableName, CollidingCalls, OtherInterfaceName, OtherMethodName, HiddenNamespace, GeneratedTwice];

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, "Plugwire.Contracts", severity, isEnabledByDefault: true, helpLinkUri: $"{HelpPages}{id}.md");
}
