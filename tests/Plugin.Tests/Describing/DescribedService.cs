using Grpc.Core;
using Plugwire.Tests.Contract;
using Plugwire.Tests.Described;

namespace Plugwire.Tests.Describing;

internal sealed class DescribedService : Described.Described.DescribedBase
{
    public override Task<Text> Look(Outer request, ServerCallContext context) => Task.FromResult(new Text());
}
