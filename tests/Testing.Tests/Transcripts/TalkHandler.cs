using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Transcripts;

/// <summary>Answers in all four ways, with headers, trailers and failures.</summary>
internal sealed class TalkHandler : IEcho
{
    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        if (request.Value == "nobody")
            throw new RpcException(new Status(StatusCode.NotFound, "There is no 'nobody'."));
        call.Response!.Headers.Add("x-served-by", "me");
        call.Response.Trailers.Add("x-cost", "3");
        return new(new Text { Value = $"hello, {request.Value}" });
    }

    public async ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var all = new List<string>();
        await foreach (var request in requests.WithCancellation(cancellationToken))
            all.Add(request.Value);
        return new Text { Value = string.Join('+', all) };
    }

    public async IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var time = 1; time <= 3; time++)
        {
            yield return new Text { Value = $"{request.Value} {time}" };
            await Task.Yield();
        }
    }

    public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return new Text { Value = request.Value.ToUpperInvariant() };
    }
}
