using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Emitting;

/// <summary>Writes the interface that both sides know.</summary>
internal static class InterfaceEmitter
{
    public static void Emit(SourceWriter writer, ContractModel contract)
    {
        var definition = $"global::Plugwire.IContract<{contract.Interface}>";
        Documentation.OfContract(writer, contract);
        if (contract.Service.IsObsolete)
            writer.Line(Names.Obsolete);
        writer.Line($"{ContractEmitter.Accessibility(contract)} partial interface {contract.InterfaceName} : {definition}");
        writer.Open();
        for (var i = 0; i < contract.Service.Methods.Count; i++)
        {
            EmitMethod(writer, contract, contract.Service.Methods[i], contract.MethodNames[i]);
            writer.Line();
        }

        writer.Line(Names.Generated);
        writer.Line($"static global::Plugwire.ContractDefinition<{contract.Interface}> {definition}.Definition => {contract.ServiceClass}.{Names.Definition}.Definition;");
        writer.Close();
    }

    private static void EmitMethod(SourceWriter writer, ContractModel contract, MethodModel method, string name)
    {
        var leftOut = method.Kind is CallKind.Unary or CallKind.ClientStreaming ? "Response" : "Responses";
        Documentation.OfMethod(writer, contract, method);
        if (method.IsObsolete)
            writer.Line(Names.Obsolete);
        writer.Line(Names.Generated);
        writer.Line($"{Names.ReturnType(method)} {name}({Names.Parameters(method, defaults: true)}) =>");
        writer.Indent();
        writer.Line($"global::Plugwire.Handling.Unimplemented.{leftOut}<{method.ResponseType}>(this, \"{contract.Service.ServiceName}/{method.Name}\");");
        writer.Outdent();
    }
}
