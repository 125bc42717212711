using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>Finds the names of which Grpc.Tools makes code that does not compile: the compiler's own messages do not lead back to the .proto.</summary>
internal static class UnusableNames
{
    private const string RenameRpc = "Rename the rpc in the .proto";
    private const string RenameService = "Rename the service in the .proto";

    // Names that C# takes in an expression, and not for a type.
    private static readonly string[] NoTypeNames = ["extension", "file", "required", "scoped"];

    /// <param name="service">The service's class.</param>
    /// <param name="model">What was read out of it.</param>
    /// <param name="place">Where the service stands.</param>
    public static IEnumerable<Problem> Of(ClassDeclarationSyntax service, ServiceModel model, Place place)
    {
        var nested = service.Members.OfType<ClassDeclarationSyntax>().Select(type => type.Identifier.ValueText).ToArray();
        var baseClass = nested.FirstOrDefault(name => name == model.ClassName + "Base");
        var client = nested.FirstOrDefault(name => name == model.ClassName + "Client");

        if (NoTypeNames.Contains(model.ClassName))
            yield return Unusable($"A type of C# cannot be named '{model.ClassName}'", RenameService);
        else if (model.ClassName == "Descriptor" || (model.ClassName == "BindService" && baseClass is not null))
            yield return Unusable($"A service's class has a member '{model.ClassName}' of its own", RenameService);

        foreach (var method in model.Methods)
        {
            if (service.ContainsDiagnostics && IsKeyword(method.Name))
                yield return Unusable($"The rpc's name '{method.Name}' is a keyword of C#", RenameRpc);
            else if (method.Name == baseClass || method.Name == client)
                yield return Unusable($"The rpc '{method.Name}' is named as the class that its method stands in", RenameRpc);
            else if (client is not null && UsedByClient(model, method))
                yield return Unusable($"The rpc '{method.Name}' is named as something that its method in the client uses", RenameRpc);
        }

        foreach (var (first, second) in client is null ? [] : Colliding(model))
            yield return new Problem(Rules.CollidingCalls, place, first.Name, second.Name, model.ServiceName);

        Problem Unusable(string why, string whatToDo) => new(Rules.UnusableName, place, why, model.ServiceName, whatToDo);
    }

    /// <summary>A service whose class or namespace is no C#: its name, or its namespace's, can only be a keyword.</summary>
    public static Problem OfUnreadable(string serviceName, Place place)
    {
        var name = serviceName.Substring(serviceName.LastIndexOf('.') + 1);
        return IsKeyword(name)
            ? new Problem(Rules.UnusableName, place, $"The service's name '{name}' is a keyword of C#", serviceName, RenameService)
            : new Problem(
                Rules.UnusableName, place, "A part of the namespace is a keyword of C#", serviceName, "Name another one in the .proto with the option csharp_namespace");
    }

    // A name of a parameter, a property or a field, that is the method's own where it stands.
    private static bool UsedByClient(ServiceModel model, MethodModel method) => method.Name switch
    {
        "CallInvoker" or "headers" or "deadline" or "cancellationToken" => true,
        "request" => method.Kind is CallKind.Unary or CallKind.ServerStreaming,
        _ => model.Methods.Any(other => other.Field == method.Name),
    };

    // A unary rpc has two methods in the client, the second of them with Async at the end.
    private static IEnumerable<(MethodModel First, MethodModel Second)> Colliding(ServiceModel model) =>
        from first in model.Methods
        where first.Kind == CallKind.Unary
        from second in model.Methods
        where second.Name == first.Name + "Async" && second.RequestType == first.RequestType && second.Kind is CallKind.Unary or CallKind.ServerStreaming
        select (first, second);

    private static bool IsKeyword(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
