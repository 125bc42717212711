using Plugwire.Contracts.Tests.Shapes;

namespace Plugwire.Contracts.Tests.Snapshots;

/// <summary>A contract as far as a snapshot looks at it.</summary>
internal interface IZoo : IContract<IZoo>
{
    static ContractDefinition<IZoo> IContract<IZoo>.Definition { get; } = new("plugwire.tests.zoo.v1.Zoo", () => Zoo.Descriptor, [], (_, _) => throw new NotSupportedException());
}
