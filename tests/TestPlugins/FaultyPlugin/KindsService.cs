using Grpc.Core;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.TestPlugins.Faulty;

internal sealed class KindsService : Kinds.KindsBase
{
    /// <param name="scope">Asked for so that there is one for each call.</param>
    public KindsService(CallScope scope) => ArgumentNullException.ThrowIfNull(scope);

    public override async Task<Note> Unary(Note request, ServerCallContext context)
    {
        if (request.Hold == Hold.None)
            return request;

        // They tell the caller that the handler runs.
        await context.WriteResponseHeadersAsync([]);
        await HoldAsync(request.Hold, context);
        return request;
    }

    public override async Task<Note> ClientStream(IAsyncStreamReader<Note> requestStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        var (text, sum) = ("", 0);
        while (await requestStream.MoveNext(context.CancellationToken))
            (text, sum) = (requestStream.Current.Text, sum + requestStream.Current.Number);
        return new Note { Text = text, Number = sum };
    }

    public override async Task ServerStream(Note request, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Number; i++)
            await responseStream.WriteAsync(new Note { Text = request.Text, Number = i }, context.CancellationToken);
        if (request.Hold != Hold.None)
            await HoldAsync(request.Hold, context);
    }

    public override async Task Duplex(IAsyncStreamReader<Note> requestStream, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(requestStream.Current, context.CancellationToken);
    }

    private static Task HoldAsync(Hold hold, ServerCallContext context) =>
        new TaskCompletionSource().Task.WaitAsync(hold == Hold.UntilCancelled ? context.CancellationToken : CancellationToken.None);
}
