using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>A contract of the zoo, seen without its type.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="ServiceName">What its definition says of the service.</param>
/// <param name="Descriptor">What its definition says of the .proto.</param>
/// <param name="Methods">What its definition says of the methods, in its order.</param>
internal sealed record ZooContract(Type Interface, string ServiceName, ServiceDescriptor Descriptor, IReadOnlyList<IMethod> Methods)
{
    private static readonly MethodInfo Reader = typeof(ZooContract).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The interface's methods in the order of the .proto, which is that of their tokens.</summary>
    public IReadOnlyList<MethodInfo> InterfaceMethods { get; } =
        [.. Interface.GetMethods(BindingFlags.Public | BindingFlags.Instance).OrderBy(method => method.MetadataToken)];

    /// <summary>The ways in which the zoo is compiled.</summary>
    public static string[] Ways { get; } = ["Both", "Client", "Server", "Internal"];

    public static IReadOnlyList<ZooContract> All(string way) =>
        [.. ZooAssembly(way).GetTypes().Where(IsContract).OrderBy(type => type.FullName, StringComparer.Ordinal).Select(type => (ZooContract)Reader.MakeGenericMethod(type).Invoke(null, null)!)];

    /// <summary>The services of all files that were compiled.</summary>
    public static IEnumerable<ServiceDescriptor> Services(string way) => ZooAssembly(way).GetTypes()
        .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(type => (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
        .SelectMany(file => file.Services);

    private static Assembly ZooAssembly(string way) => Assembly.Load($"Plugwire.Contracts.Zoo.{way}");

    private static bool IsContract(Type type) =>
        type.IsInterface && type.GetInterfaces().Any(implemented => implemented.IsGenericType
            && implemented.GetGenericTypeDefinition() == typeof(IContract<>) && implemented.GenericTypeArguments[0] == type);

    private static ZooContract Read<TContract>()
        where TContract : class, IContract<TContract>
    {
        var definition = TContract.Definition;
        return new ZooContract(typeof(TContract), definition.ServiceName, definition.Descriptor, [.. definition.Methods.Select(method => method.Method)]);
    }
}
