using Google.Protobuf.WellKnownTypes;

namespace Plugwire.Contracts.Tests;

/// <summary>Enumerables of requests.</summary>
internal static class Requests
{
    /// <summary>So many, numbered from 0.</summary>
    public static async IAsyncEnumerable<EchoRequest> Range(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.CompletedTask;
            yield return new EchoRequest { Count = i };
        }
    }

    public static async IAsyncEnumerable<BytesValue> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }
}
