using Grpc.Core;

namespace Plugwire.Interop.Serving;

/// <summary>Whether requests come as they say.</summary>
/// <param name="take">Answers for each request in turn whether it was compressed; null when nobody can tell.</param>
internal sealed class RequestFlags(Func<bool>? take)
{
    /// <summary>Called once for each request.</summary>
    public void Check(BoolValue? expected = null)
    {
        if (take is null)
            return;

        var compressed = take();
        if (expected is not null && expected.Value != compressed)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request says expect_compressed {expected.Value}, and its message came with compressed {compressed}."));
    }
}
