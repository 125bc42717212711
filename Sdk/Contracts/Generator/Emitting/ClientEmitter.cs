using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Emitting;

/// <summary>Writes the client. It implements the interface explicitly, so that no name of the .proto meets one of the base class.</summary>
internal static class ClientEmitter
{
    public static void Emit(SourceWriter writer, ContractModel contract)
    {
        writer.Line(Names.Generated);
        writer.Line($"private sealed class {Names.Client} : global::Plugwire.Calling.ContractClient, {contract.Interface}");
        writer.Open();
        writer.Line($"internal {Names.Client}(global::Grpc.Core.CallInvoker invoker, global::System.TimeProvider timeProvider)");
        writer.Indent();
        writer.Line(": base(invoker, timeProvider)");
        writer.Outdent();
        writer.Open();
        writer.Close();
        for (var i = 0; i < contract.Service.Methods.Count; i++)
        {
            writer.Line();
            EmitMethod(writer, contract, contract.Service.Methods[i], contract.MethodNames[i]);
        }

        writer.Close();
    }

    private static void EmitMethod(SourceWriter writer, ContractModel contract, MethodModel method, string name)
    {
        var call = method.Kind switch
        {
            CallKind.Unary => "UnaryAsync",
            CallKind.ClientStreaming => "ClientStreamingAsync",
            CallKind.ServerStreaming => "ServerStreaming",
            _ => "DuplexStreaming",
        };
        writer.Line($"{Names.ReturnType(method)} {contract.Interface}.{name}({Names.Parameters(method, defaults: false)}) =>");
        writer.Indent();
        writer.Line($"{call}({method.Field}, {Names.Request(method)}, call, cancellationToken);");
        writer.Outdent();
    }
}
