using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Plugwire.Contracts.Zoo.Tests;

public sealed class DefinitionTests
{
    public static TheoryData<string> Ways => [.. ZooContract.Ways];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Zoo_CompiledInAnyWay_HasOneContractForEveryService(string way)
    {
        var services = ZooContract.Services(way).Select(service => service.FullName).Order(StringComparer.Ordinal).ToArray();

        Assert.InRange(services.Length, 60, int.MaxValue);
        Assert.Equal(services, ZooContract.All(way).Select(contract => contract.ServiceName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Definition_OfEveryContract_SaysWhatTheProtoSays(string way)
    {
        Assert.All(ZooContract.All(way), contract =>
        {
            var expected = contract.Descriptor.Methods.Select(method => (method.Name, Kind(method), method.InputType.ClrType, method.OutputType.ClrType)).ToArray();

            Assert.Equal(contract.Descriptor.FullName, contract.ServiceName);
            Assert.Equal(expected, contract.Methods.Select(method => (method.Name, method.Type, method.GetType().GenericTypeArguments[0], method.GetType().GenericTypeArguments[1])));
            Assert.All(contract.Methods, method => Assert.Equal($"/{contract.ServiceName}/{method.Name}", method.FullName));
            Assert.Equal(expected.Length, contract.InterfaceMethods.Count);
        });
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Contract_CompiledInAnyWay_IsAsVisibleAsItsService(string way)
    {
        Assert.All(ZooContract.All(way), contract => Assert.Equal(way != "Internal", contract.Interface.IsPublic));
    }

    [Theory]
    [InlineData("Client")]
    [InlineData("Server")]
    [InlineData("Internal")]
    public void Contracts_CompiledInAnotherWay_AreTheSame(string way)
    {
        Assert.Equal(Signatures("Both"), Signatures(way));
    }

    private static string[] Signatures(string way) =>
        [.. ZooContract.All(way).SelectMany(contract => contract.InterfaceMethods.Select(method => $"{contract.Interface}: {method}"))];

    private static MethodType Kind(MethodDescriptor method) => (method.IsClientStreaming, method.IsServerStreaming) switch
    {
        (false, false) => MethodType.Unary,
        (true, false) => MethodType.ClientStreaming,
        (false, true) => MethodType.ServerStreaming,
        _ => MethodType.DuplexStreaming,
    };
}
