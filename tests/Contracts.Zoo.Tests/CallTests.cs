using System.Reflection;
using Grpc.Core;

namespace Plugwire.Contracts.Zoo.Tests;

public sealed class CallTests
{
    private static readonly MethodInfo Calling = typeof(CallTests).GetMethod(nameof(CallEachAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo CallingEmpty = typeof(CallTests).GetMethod(nameof(CallEachOfEmptyAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static TheoryData<string> Contracts => [.. ZooContract.All("Both").Select(contract => contract.ServiceName)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public Task Method_OfEveryContract_ReachesItsImplementation(string service) => RunAsync(Calling, service);

    [Theory]
    [MemberData(nameof(Contracts))]
    public Task Method_LeftOutByItsImplementation_IsUnimplementedByName(string service) => RunAsync(CallingEmpty, service);

    private static Task RunAsync(MethodInfo test, string service)
    {
        var contract = ZooContract.All("Both").Single(contract => contract.ServiceName == service);
        return (Task)test.MakeGenericMethod(contract.Interface).Invoke(null, [contract])!;
    }

    private static async Task CallEachAsync<TContract>(ZooContract contract)
        where TContract : class, IContract<TContract>
    {
        var implementation = DispatchProxy.Create<TContract, ZooImplementation>();
        await using var link = await ZooLink.StartAsync(binder => TContract.Definition.Bind(binder, implementation));
        var client = TContract.Definition.CreateClient(link.Invoker);
        foreach (var method in contract.InterfaceMethods)
            Assert.Equal(Messages(method.ReturnType), await ZooCall.CountResponsesAsync(client, method).Within());

        Assert.Equal(
            contract.InterfaceMethods.Select(method => (method.Name, Messages(method.GetParameters()[0].ParameterType))),
            ((ZooImplementation)(object)implementation).Calls);
    }

    private static async Task CallEachOfEmptyAsync<TContract>(ZooContract contract)
        where TContract : class, IContract<TContract>
    {
        var implementation = ZooImplementation.CreateEmpty<TContract>();
        await using var link = await ZooLink.StartAsync(binder => TContract.Definition.Bind(binder, implementation));
        var client = TContract.Definition.CreateClient(link.Invoker);
        foreach (var (method, rpc) in contract.InterfaceMethods.Zip(contract.Methods))
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => ZooCall.CountResponsesAsync(client, method).Within());

            Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
            Assert.Equal($"{rpc.FullName[1..]} is not implemented: LeavesAllOut leaves it out.", failure.Status.Detail);
        }
    }

    private static int Messages(Type type) => ZooCall.Streams(type) ? 2 : 1;
}
