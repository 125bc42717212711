using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Emitting;

/// <summary>The names that generated code leans on, and those that it makes in the class of a service.</summary>
internal static class Names
{
    public const string Definition = "__Contract";
    public const string Client = "__ContractClient";
    public const string Generated = "[global::System.CodeDom.Compiler.GeneratedCode(\"Plugwire.Contracts\", null)]";
    public const string Hidden = "[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]";
    public const string Obsolete = "[global::System.ObsoleteAttribute]";

    private const string CallContext = "global::Plugwire.CallContext";
    private const string CancellationToken = "global::System.Threading.CancellationToken";

    /// <summary>The type that a method of the contract returns.</summary>
    public static string ReturnType(MethodModel method) => method.Kind is CallKind.Unary or CallKind.ClientStreaming
        ? $"global::System.Threading.Tasks.ValueTask<{method.ResponseType}>"
        : $"global::System.Collections.Generic.IAsyncEnumerable<{method.ResponseType}>";

    /// <summary>The name of a method's first parameter.</summary>
    public static string Request(MethodModel method) => method.Kind is CallKind.Unary or CallKind.ServerStreaming ? "request" : "requests";

    /// <summary>A method's parameters, the last two with their defaults or without.</summary>
    public static string Parameters(MethodModel method, bool defaults)
    {
        var request = method.Kind is CallKind.Unary or CallKind.ServerStreaming
            ? method.RequestType
            : $"global::System.Collections.Generic.IAsyncEnumerable<{method.RequestType}>";
        var none = defaults ? " = default" : "";
        return $"{request} {Request(method)}, {CallContext} call{none}, {CancellationToken} cancellationToken{none}";
    }
}
