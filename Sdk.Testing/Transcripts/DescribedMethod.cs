using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>A method as its service's descriptor has it, with messages of which nobody needs to know the types.</summary>
internal sealed class DescribedMethod
{
    private DescribedMethod(MethodDescriptor method)
    {
        RequestType = method.InputType;
        Method = new Method<IMessage, IMessage>(KindOf(method), method.Service.FullName, method.Name, MarshallerOf(method.InputType), MarshallerOf(method.OutputType));
    }

    public Method<IMessage, IMessage> Method { get; }

    public MessageDescriptor RequestType { get; }

    /// <param name="path">As on the wire.</param>
    /// <param name="services">Where it may be.</param>
    /// <exception cref="ArgumentException">None of the services has it.</exception>
    public static DescribedMethod Find(string path, IReadOnlyList<ServiceDescriptor> services)
    {
        foreach (var service in services)
        {
            if (service.Methods.FirstOrDefault(method => path == $"/{service.FullName}/{method.Name}") is { } found)
                return new DescribedMethod(found);
        }

        throw new ArgumentException($"The method {path} of the transcript is in none of the services {string.Join(", ", services.Select(service => service.FullName))}.", nameof(services));
    }

    private static MethodType KindOf(MethodDescriptor method) => (method.IsClientStreaming, method.IsServerStreaming) switch
    {
        (false, false) => MethodType.Unary,
        (true, false) => MethodType.ClientStreaming,
        (false, true) => MethodType.ServerStreaming,
        _ => MethodType.DuplexStreaming,
    };

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor type) => Marshallers.Create(static message => message.ToByteArray(), bytes => type.Parser.ParseFrom(bytes));
}
