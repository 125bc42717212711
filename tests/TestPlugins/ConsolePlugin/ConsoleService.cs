using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.ConsolePlugin.Contract;

namespace Plugwire.TestPlugins.ConsolePlugin;

internal sealed partial class ConsoleService(ILogger<ConsoleService> logger) : ConsoleWriter.ConsoleWriterBase
{
    public override Task<WriteReply> Write(WriteRequest request, ServerCallContext context)
    {
        if (request.Way == Way.Log)
            Log.Written(logger, request.Text);
        else
            Output.Write(request.Way, request.Text);
        return Task.FromResult(new WriteReply());
    }

    public override Task<WriteReply> Hang(WriteRequest request, ServerCallContext context)
    {
        Output.BlockForGood();
        return Task.FromResult(new WriteReply());
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Written: {Text}", EventName = "Written")]
        public static partial void Written(ILogger logger, string text);
    }
}
