namespace Plugwire.Hosting.Tests.Checking;

/// <summary>Another contract of the same file, which shares its messages.</summary>
internal interface IOrders : IContract<IOrders>
{
    static ContractDefinition<IOrders> IContract<IOrders>.Definition { get; } =
        new("plugwire.tests.catalog.v1.Orders", () => Orders.Descriptor, [], (_, _) => throw new NotSupportedException());
}
