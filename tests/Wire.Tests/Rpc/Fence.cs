using Google.Protobuf;
using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A method beside the test's service, for calls that only have to go round.</summary>
internal static class Fence
{
    public static readonly Marshaller<EchoRequest> Requests = Marshallers.Create(message => message.ToByteArray(), EchoRequest.Parser.ParseFrom);

    public static readonly Method<EchoRequest, EchoRequest> Method = new(MethodType.Unary, "plugwire.wire.tests.Fence", "GoRound", Requests, Requests);
}
