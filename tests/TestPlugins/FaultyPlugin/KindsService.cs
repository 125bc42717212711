using Grpc.Core;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.TestPlugins.Faulty;

internal sealed class KindsService : Kinds.KindsBase
{
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    /// <param name="scope">Asked for so that there is one for each call.</param>
    public KindsService(CallScope scope) => ArgumentNullException.ThrowIfNull(scope);

    public override async Task<Note> Unary(Note request, ServerCallContext context)
    {
        if (request.Compressed)
            await context.WriteResponseHeadersAsync(Gzip);
        if (request.AnswerLength > 0)
            return new Note { Text = new string('a', request.AnswerLength) };
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
        if (request.Compressed)
            await context.WriteResponseHeadersAsync(Gzip);
        var text = request.AnswerLength > 0 ? new string('a', request.AnswerLength) : request.Text;
        for (var i = 0; i < request.Number; i++)
            await responseStream.WriteAsync(new Note { Text = text, Number = i }, context.CancellationToken);
        if (request.Hold != Hold.None)
            await HoldAsync(request.Hold, context);
    }

    public override async Task Duplex(IAsyncStreamReader<Note> requestStream, IServerStreamWriter<Note> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(requestStream.Current, context.CancellationToken);
    }

    public override async Task<Note> Stall(IAsyncStreamReader<Note> requestStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        await HoldAsync(Hold.UntilCancelled, context);
        return new Note();
    }

    private static Task HoldAsync(Hold hold, ServerCallContext context) =>
        new TaskCompletionSource().Task.WaitAsync(hold == Hold.UntilCancelled ? context.CancellationToken : CancellationToken.None);
}
