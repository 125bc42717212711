using System.Collections;
using System.Reflection;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.TestPlugins.Faulty;

internal sealed partial class FaultsService(IConfiguration configuration, ScopeCount scopes, CallJournal journal, ILogger<FaultsService> logger)
    : Faults.FaultsBase
{
    public override Task<Description> Describe(DescribeRequest request, ServerCallContext context)
    {
        var description = new Description { WorkingDirectory = Environment.CurrentDirectory };
        description.Arguments.AddRange(Environment.GetCommandLineArgs()[1..]);
        description.Intercepted.AddRange(journal.Entries);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            description.Environment[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is not null)
                description.Configuration[key] = value;
        }

        return Task.FromResult(description);
    }

    public override Task<LoadedAssembly> LoadAssembly(AssemblyRequest request, ServerCallContext context)
    {
        var isNew = !AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == request.Name);
        return Task.FromResult(new LoadedAssembly { IsNew = isNew, Location = Assembly.Load(request.Name).Location });
    }

    public override async Task<DeathReply> Die(Death request, ServerCallContext context)
    {
        if (request.LastWords.Length > 0)
            await Console.Error.WriteLineAsync(request.LastWords);
        switch (request.HowCase)
        {
            case Death.HowOneofCase.ExitCode:
                Environment.Exit(request.ExitCode);
                break;
            case Death.HowOneofCase.Signal:
                Fault.SignalSelf(request.Signal);
                break;
            case Death.HowOneofCase.UnhandledException:
                Fault.ThrowUnhandled(request.UnhandledException);
                break;
            default:
                throw new RpcException(new Status(StatusCode.InvalidArgument, "Die how?"));
        }

        Fault.Hang();
        return new DeathReply();
    }

    public override async Task<FloodReply> Flood(FloodRequest request, ServerCallContext context)
    {
        var block = new byte[64 * 1024];
        block.AsSpan().Fill((byte)'a');
        using var descriptor = new SafeFileHandle(request.FileDescriptor, ownsHandle: false);
        await using var output = new FileStream(descriptor, FileAccess.Write, bufferSize: 0);
        await Task.Run(
            () =>
            {
                for (var left = request.Bytes; left > 0; left -= block.Length)
                    output.Write(block, 0, (int)Math.Min(left, block.Length));
            },
            context.CancellationToken);
        return new FloodReply();
    }

    public override Task<LogReply> Log(LogRequest request, ServerCallContext context)
    {
        using var scope = request.Scope.Length > 0 ? logger.BeginScope(new Dictionary<string, object> { ["Scope"] = request.Scope }) : null;
        var exception = request.Exception.Length > 0 ? new InvalidOperationException(request.Exception) : null;
        var level = Enum.Parse<LogLevel>(request.Level);
        Entries.Noted(logger, level, exception, request.Text, request.Number);
        return Task.FromResult(new LogReply());
    }

    public override Task<Child> StartChild(ChildRequest request, ServerCallContext context) =>
        Task.FromResult(new Child { ProcessId = Fault.StartChild(request.OwnSession) });

    public override async Task<Scopes> AwaitScopes(Scopes request, ServerCallContext context) =>
        new() { Closed = await scopes.AtLeastAsync(request.Closed, context.CancellationToken) };

    private static partial class Entries
    {
        [LoggerMessage(EventId = 77, EventName = "Noted", Message = "Noted {Text}, number {Number}.")]
        public static partial void Noted(ILogger logger, LogLevel level, Exception? exception, string text, int number);
    }
}
