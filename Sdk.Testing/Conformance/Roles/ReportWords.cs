namespace Plugwire.Testing.Conformance.Roles;

/// <summary>
/// What the kit's plugin and the kit say to each other while a case runs, on a socket in the case's directory: a word a line, and behind a space what belongs to it, escaped as in an address. The end
/// of the connection is the end of the plugin.
/// </summary>
internal static class ReportWords
{
    /// <summary>The name of the socket in the case's directory, at which the kit listens.</summary>
    public const string SocketName = "kit";

    /// <summary>The name of the socket in the case's directory at which a plugin serves that was told to serve elsewhere.</summary>
    public const string ElsewhereName = "elsewhere";

    /// <summary>The command of <c>plugwire-conformance</c> that plays the plugin; behind it stand the case's directory and the words of the role.</summary>
    public const string PlayCommand = "play-plugin";

    /// <summary>A variable of the plugin's environment, as NAME=VALUE.</summary>
    public const string Variable = "variable";

    /// <summary>An argument that the host has passed to the plugin.</summary>
    public const string Argument = "argument";

    /// <summary>The plugin runs; what came before was about its start.</summary>
    public const string Started = "started";

    /// <summary>It does not know a word of its role.</summary>
    public const string Unplayable = "unplayable";

    /// <summary>Asks the kit to listen at a path.</summary>
    public const string Listen = "listen";

    /// <summary>It has printed what it prints at its start.</summary>
    public const string Printed = "printed";

    /// <summary>Somebody has connected.</summary>
    public const string Connected = "connected";

    /// <summary>A health check has come.</summary>
    public const string Health = "health";

    /// <summary>The host's call has come.</summary>
    public const string Call = "call";

    /// <summary>What the role does in the call is done.</summary>
    public const string Done = "done";

    /// <summary>It has a child, with this process id.</summary>
    public const string ChildStarted = "child";

    /// <summary>The host has opened StreamStdio.</summary>
    public const string ConsoleOpened = "console";

    /// <summary>The host has asked it to end.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>The terminate signal has come.</summary>
    public const string Terminate = "terminate";

    /// <summary>Its standard input has ended, which the host has announced as its own end.</summary>
    public const string InputEnded = "input-ended";

    /// <summary>It ends by itself.</summary>
    public const string Ends = "ends";

    /// <summary>The kit's one word: go on.</summary>
    public const string Go = "go";
}
