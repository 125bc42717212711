namespace Plugwire.Testing.Conformance.Roles;

/// <summary>
/// What the kit's plugin does wrong in a case, by names that are arguments of the program that plays it. Without a word it does all right. The program that plays it may be of another version than
/// the kit that asks for it: what a word means does not change, and one that the program does not know is said to the kit.
/// </summary>
internal static class RoleWords
{
    /// <summary>Prints nothing and lives.</summary>
    public const string Silent = "silent";

    /// <summary>Ends with code 7 before it has printed anything.</summary>
    public const string ExitsEarly = "exits-early";

    /// <summary>Prints a line of bytes that are no text, and serves.</summary>
    public const string Garbage = "garbage";

    /// <summary>Prints a line for people before its handshake, and serves.</summary>
    public const string NoiseBefore = "noise-before";

    /// <summary>Prints half of its handshake and closes its output.</summary>
    public const string Partial = "partial";

    /// <summary>Prints half of its handshake and lives.</summary>
    public const string Stalled = "stalled";

    /// <summary>Prints for ever, and no line break.</summary>
    public const string Endless = "endless";

    /// <summary>Names version 2 of the launch protocol, and serves.</summary>
    public const string CoreVersion = "core-version";

    /// <summary>Names a version of the application that the host has not offered, and serves.</summary>
    public const string ForeignVersion = "foreign-version";

    /// <summary>Names a network that there is not, and serves.</summary>
    public const string UnknownNetwork = "unknown-network";

    /// <summary>Names the protocol netrpc, and serves.</summary>
    public const string NetRpc = "netrpc";

    /// <summary>Sends a certificate that nobody has asked for, and serves without TLS.</summary>
    public const string Certificate = "certificate";

    /// <summary>Names a socket at which nobody listens.</summary>
    public const string DeadSocket = "dead-socket";

    /// <summary>Names a socket that is not there.</summary>
    public const string MissingSocket = "missing-socket";

    /// <summary>Serves on a socket beside the directory that the host has named.</summary>
    public const string SocketElsewhere = "socket-elsewhere";

    /// <summary>Names a socket at which a process listens that the host has not started: the kit's own.</summary>
    public const string SocketOfAnother = "socket-of-another";

    /// <summary>Prints a second handshake after the first, which is good.</summary>
    public const string TwoLines = "two-lines";

    /// <summary>Ends its line as Windows does.</summary>
    public const string CarriageReturn = "carriage-return";

    /// <summary>Prints its handshake byte by byte.</summary>
    public const string ByteByByte = "byte-by-byte";

    /// <summary>Takes connections and says nothing on them.</summary>
    public const string Mute = "mute";

    /// <summary>Says something else than HTTP/2 on its connections.</summary>
    public const string NoHttp2 = "no-http2";

    /// <summary>Closes connections as they come.</summary>
    public const string HangUp = "hang-up";

    /// <summary>Begins each connection by taking its leave of it.</summary>
    public const string GoAway = "go-away";

    /// <summary>Says PING after PING on its connections, 64 MiB of them, and hears no answer.</summary>
    public const string Pings = "pings";

    /// <summary>Answers health checks with NOT_SERVING.</summary>
    public const string NotServing = "not-serving";

    /// <summary>Waits for the kit in its call, before and after what it does there.</summary>
    public const string Held = "held";

    /// <summary>Ends the call with a status of failure.</summary>
    public const string CallFails = "call-fails";

    /// <summary>Answers the call with 64 MiB.</summary>
    public const string TooLarge = "too-large";

    /// <summary>Is killed in the call.</summary>
    public const string CallDies = "call-dies";

    /// <summary>Closes its connections in the call, and lives.</summary>
    public const string CallCuts = "call-cuts";

    /// <summary>Freezes in the call.</summary>
    public const string CallFreezes = "call-freezes";

    /// <summary>Prints lines to standard output in the call.</summary>
    public const string OutputLines = "output-lines";

    /// <summary>Prints one long line to standard output in the call.</summary>
    public const string OutputLine = "output-line";

    /// <summary>Prints lines to standard error in the call.</summary>
    public const string ErrorLines = "error-lines";

    /// <summary>Prints one long line to standard error in the call.</summary>
    public const string ErrorLine = "error-line";

    /// <summary>Logs JSON whose fields are not what they should be.</summary>
    public const string OddLog = "odd-log";

    /// <summary>Logs what is no text.</summary>
    public const string NoText = "no-text";

    /// <summary>Logs JSON that is nested deeper than anybody reads.</summary>
    public const string NestedLog = "nested-log";

    /// <summary>Closes standard output and standard error in the call.</summary>
    public const string ClosedOutput = "closed-output";

    /// <summary>Hands much over on StreamStdio in the call, and ends it when all is taken.</summary>
    public const string Console = "console";

    /// <summary>Has a child that holds its standard output and standard error, and lives on.</summary>
    public const string Child = "child";

    /// <summary>The same in a session of its own.</summary>
    public const string EscapedChild = "escaped-child";

    /// <summary>Does not serve plugin.GRPCController.</summary>
    public const string NoController = "no-controller";

    /// <summary>Ends when it is asked to, before it answers.</summary>
    public const string EndsUnanswered = "ends-unanswered";

    /// <summary>Ends a second after it was asked to.</summary>
    public const string SlowEnd = "slow-end";

    /// <summary>Does not end when it is asked to.</summary>
    public const string Deaf = "deaf";

    /// <summary>Does not heed the terminate signal either.</summary>
    public const string IgnoresTerminate = "ignores-terminate";

    /// <summary>Freezes when it is asked to end.</summary>
    public const string Freezes = "freezes";

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(
        [
            Silent, ExitsEarly, Garbage, NoiseBefore, Partial, Stalled, Endless, CoreVersion, ForeignVersion, UnknownNetwork, NetRpc, Certificate, DeadSocket, MissingSocket, SocketElsewhere,
            SocketOfAnother, TwoLines, CarriageReturn, ByteByByte, Mute, NoHttp2, HangUp, GoAway, Pings, NotServing, Held, CallFails, TooLarge, CallDies, CallCuts, CallFreezes, OutputLines, OutputLine, ErrorLines,
            ErrorLine, OddLog, NoText, NestedLog, ClosedOutput, Console, Child, EscapedChild, NoController, EndsUnanswered, SlowEnd, Deaf, IgnoresTerminate, Freezes,
        ],
        StringComparer.Ordinal);
}
