namespace Plugwire.TestPlugins.Faulty;

/// <summary>Has the fault happen when its point has come, once. It says so on standard error before.</summary>
internal sealed class FaultTrigger(ProcessFault? fault)
{
    private int _calls;
    private int _messages;

    public static FaultTrigger None { get; } = new(null);

    /// <summary>What the arguments say.</summary>
    public static FaultTrigger Of(string[] args) => Value(args, "--at=") is { } at && Value(args, "--do=") is { } action
        ? new FaultTrigger(new ProcessFault(FaultPoint.Parse(at), action))
        : None;

    /// <summary>Whether the fault needs the standard output that the host reads the handshake from.</summary>
    public bool NeedsStandardOutput => fault is not null
        && (fault.Point == FaultPoint.DuringHandshake || fault.Action.StartsWith("print:", StringComparison.Ordinal) || fault.Action.StartsWith("flood:", StringComparison.Ordinal));

    public void Reach(FaultPoint point)
    {
        if (fault is null || fault.Point != point)
            return;

        Console.Error.WriteLine($"process {Environment.ProcessId} at {point}: {fault.Action}");
        Fault.Happen(fault.Action);
    }

    public void ReachCall() => Reach(FaultPoint.Call(Interlocked.Increment(ref _calls)));

    public void ReachMessage() => Reach(FaultPoint.Message(Interlocked.Increment(ref _messages)));

    private static string? Value(string[] args, string name) =>
        args.FirstOrDefault(argument => argument.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
