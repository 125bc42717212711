using Microsoft.Extensions.Logging;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>Logs as an error what it is told.</summary>
internal sealed partial class LoggingEcho(ILogger<LoggingEcho> logger) : IEcho
{
    public ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        Log.WentWrong(logger, request.Value);
        return new(request);
    }

    private static partial class Log
    {
        [LoggerMessage(13, LogLevel.Error, "this went wrong: {What}", EventName = "WentWrong")]
        public static partial void WentWrong(ILogger logger, string what);
    }
}
