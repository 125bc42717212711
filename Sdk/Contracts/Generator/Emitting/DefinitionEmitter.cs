using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Emitting;

/// <summary>
/// Writes what the contract is made of. It stands in a class of its own inside of the service's: made when it is first asked for, and only
/// after all fields of the service's class, in whichever order the files are compiled.
/// </summary>
internal static class DefinitionEmitter
{
    public static void Emit(SourceWriter writer, ContractModel contract)
    {
        var definition = $"global::Plugwire.ContractDefinition<{contract.Interface}>";
        writer.Line(Names.Hidden);
        writer.Line(Names.Generated);
        writer.Line($"internal static class {Names.Definition}");
        writer.Open();
        writer.Line($"internal static readonly {definition} Definition = new {definition}(");
        writer.Indent();
        writer.Line("__ServiceName,");
        writer.Line($"static () => {contract.ServiceClass}.Descriptor,");
        writer.Line($"new global::Plugwire.ContractMethod<{contract.Interface}>[]");
        writer.Open();
        for (var i = 0; i < contract.Service.Methods.Count; i++)
            EmitMethod(writer, contract, contract.Service.Methods[i], contract.MethodNames[i]);
        writer.Close("},");
        writer.Line($"static (invoker, timeProvider) => new {Names.Client}(invoker, timeProvider));");
        writer.Outdent();
        writer.Close();
    }

    private static void EmitMethod(SourceWriter writer, ContractModel contract, MethodModel method, string name)
    {
        var request = Names.Request(method);
        writer.Line($"new global::Plugwire.Handling.{method.Kind}Method<{contract.Interface}, {method.RequestType}, {method.ResponseType}>(");
        writer.Indent();
        writer.Line($"{method.Field},");
        writer.Line($"static (contract, {request}, call, cancellationToken) => contract.{name}({request}, call, cancellationToken)),");
        writer.Outdent();
    }
}
