using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Plugwire.Tests.Contract;

namespace Plugwire.TestPlugins.Shouting;

/// <summary>Answers what it is told. What begins with a question mark it asks its host.</summary>
public sealed partial class ShoutingHandler(IEcho host, Ending ending, IConfiguration configuration, ILogger<ShoutingHandler> logger) : IEcho
{
    public async ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        Log.Asked(logger, request.Value.Length, request.Value);
        return request.Value.StartsWith('?') ? await host.UnaryAsync(request, call, cancellationToken) : Answer(request.Value);
    }

    public async ValueTask<Text> CollectAsync(IAsyncEnumerable<Text> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        var all = "";
        await foreach (var request in requests.WithCancellation(cancellationToken))
            all += request.Value;
        return Answer(all);
    }

    /// <summary>Three times, and once more for ever: until it is cancelled.</summary>
    public async IAsyncEnumerable<Text> RepeatAsync(Text request, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < 3; i++)
            yield return Answer(request.Value);
        if (request.Value == "for ever")
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<Text> BothAsync(IAsyncEnumerable<Text> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var request in requests.WithCancellation(cancellationToken))
            yield return Answer(request.Value);
    }

    private Text Answer(string value) => new() { Value = configuration["beginning"] + value + ending.Text };

    private static partial class Log
    {
        [LoggerMessage(7, LogLevel.Information, "Asked for {Length} characters: {Value}", EventName = "Asked")]
        public static partial void Asked(ILogger logger, int length, string value);
    }
}
