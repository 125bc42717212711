using Grpc.Core;
using Plugwire.Handling;
using Plugwire.Tests.Contract;

namespace Plugwire.Tests.Describing;

/// <summary>A typed contract as a generator would write it, as far as these tests need it. Counts how often somebody has read its descriptor.</summary>
internal interface IEcho : IContract<IEcho>
{
    private static readonly Method<Text, Text> Unary = new(
        MethodType.Unary,
        "plugwire.tests.echo.v1.Echo",
        "Unary",
        Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, Text.Parser.ParseFrom),
        Marshallers.Create(Google.Protobuf.MessageExtensions.ToByteArray, Text.Parser.ParseFrom));

    static int DescriptorsRead { get; private set; }

    static ContractDefinition<IEcho> IContract<IEcho>.Definition { get; } = new(
        "plugwire.tests.echo.v1.Echo",
        () =>
        {
            DescriptorsRead++;
            return Echo.Descriptor;
        },
        [new UnaryMethod<IEcho, Text, Text>(Unary, static (contract, request, call, token) => contract.UnaryAsync(request, call, token))],
        (_, _) => throw new NotSupportedException());

    ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default);
}
