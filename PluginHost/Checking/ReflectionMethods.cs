using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Services.Reflection;

namespace Plugwire.Hosting.Checking;

/// <summary>
/// The one method of the reflection service, under both names that servers have for it: many, above all in other languages, know only <c>v1alpha</c>, whose messages are the same. What
/// a stranger answers is looked at for its size before it is parsed, because a few bytes may become many objects.
/// </summary>
internal static class ReflectionMethods
{
    /// <summary>The largest answer, and the most bytes of descriptors altogether.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    public static readonly Method<ServerReflectionRequest, ServerReflectionResponse> V1 = Create("grpc.reflection.v1.ServerReflection");
    public static readonly Method<ServerReflectionRequest, ServerReflectionResponse> V1Alpha = Create("grpc.reflection.v1alpha.ServerReflection");

    private static Method<ServerReflectionRequest, ServerReflectionResponse> Create(string service) => new(
        MethodType.DuplexStreaming,
        service,
        "ServerReflectionInfo",
        Marshallers.Create(MessageExtensions.ToByteArray, ServerReflectionRequest.Parser.ParseFrom),
        new Marshaller<ServerReflectionResponse>(static (response, context) => context.Complete(response.ToByteArray()), Read));

    private static ServerReflectionResponse Read(DeserializationContext context) => context.PayloadLength <= MostBytes
        ? ServerReflectionResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())
        : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"At most {MostBytes} bytes are taken."));
}
