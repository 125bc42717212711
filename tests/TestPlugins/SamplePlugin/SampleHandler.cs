using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.Sample.Contract;

namespace Plugwire.TestPlugins.Sample;

internal sealed partial class SampleHandler(IConfiguration configuration, IDesk desk, IHostApplicationLifetime lifetime, ILogger<SampleHandler> logger) : ISample
{
    public async ValueTask<Note> UnaryAsync(Note request, CallContext call, CancellationToken cancellationToken)
    {
        if (request.Hold)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return request;
    }

    public async ValueTask<Note> CollectAsync(IAsyncEnumerable<Note> requests, CallContext call, CancellationToken cancellationToken)
    {
        var all = new Note();
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            all.Text += request.Text;
            all.Number += request.Number;
        }

        return all;
    }

    public async IAsyncEnumerable<Note> RepeatAsync(Note request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < request.Number; i++)
            yield return request;
        if (request.Hold)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public async IAsyncEnumerable<Note> BothAsync(IAsyncEnumerable<Note> requests, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return request;
    }

    public ValueTask<Note> AskAsync(Note request, CallContext call, CancellationToken cancellationToken) => desk.AnswerAsync(request, call, cancellationToken);

    public ValueTask<Note> ReadSettingAsync(Note request, CallContext call, CancellationToken cancellationToken) =>
        new(new Note { Text = configuration[request.Text] ?? "" });

    public ValueTask<Note> LogAsync(LogRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var level = Enum.Parse<LogLevel>(request.Level);
        Entries.Noted(logger, level, request.Text, request.Number);
        return new(new Note());
    }

    public ValueTask<Note> MisbehaveAsync(Mischief request, CallContext call, CancellationToken cancellationToken)
    {
        Misbehaviour.Begin(request, lifetime);
        return new(new Note());
    }

    private static partial class Entries
    {
        [LoggerMessage(EventId = 77, EventName = "Noted", Message = "Noted {Text}, number {Number}.")]
        public static partial void Noted(ILogger logger, LogLevel level, string text, int number);
    }
}
