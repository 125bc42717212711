using System.Globalization;
using System.Text;
using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Sweeping;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>One process of the plugin, from its launch to its end, and what it says and does. Disposal leaves nothing of it.</summary>
internal sealed class SubjectProcess : IAsyncDisposable
{
    private const int MostMessageBytes = 32 * 1024 * 1024;
    private const int Interrupt = 2;

    // How long it is looked whether something happens that must not happen.
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    // What a process wrote before its end is there at once; a child of its own may hold the pipe for longer.
    private static readonly TimeSpan RestAfterExit = TimeSpan.FromMilliseconds(500);

    private readonly ChildProcess _child;
    private readonly LaunchDirectory _directory;
    private readonly string _launchId;
    private readonly PluginSubject _subject;
    private readonly List<RpcClientConnection> _connections = [];

    public SubjectProcess(ChildProcess child, LaunchDirectory directory, string launchId, PluginSubject subject)
    {
        _child = child;
        _directory = directory;
        _launchId = launchId;
        _subject = subject;
        Output = new CapturedOutput(child.StandardOutput);
        Error = new CapturedOutput(child.StandardError);
    }

    public CapturedOutput Output { get; }

    public CapturedOutput Error { get; }

    /// <summary>How long the plugin may take for what it does at once as a rule.</summary>
    public TimeSpan ReactionTimeout => _subject.Options.ReactionTimeout;

    /// <summary>The directory of this launch, in which the plugin's socket has to be.</summary>
    public string DirectoryPath => _directory.Path;

    /// <summary>The versions that the plugin speaks, all of which a host offers it as a rule.</summary>
    public IEnumerable<int> Offered => _subject.Options.ProtocolVersions;

    /// <summary>Its socket, once the handshake is there.</summary>
    public string Address { get; private set; } = "";

    public Task<ChildExit> Exited => _child.Exited;

    /// <summary>The first line of the output, without its end.</summary>
    /// <exception cref="CaseFailedException">There is none.</exception>
    public async Task<string> FirstLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await Output.WaitAsync(bytes => bytes.Contains((byte)'\n'), cancellationToken).ConfigureAwait(false))
                return Output.Text.Split('\n')[0];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Failure("The plugin has not printed a handshake line in the time of the case.");
        }

        throw Failure($"The plugin has printed no handshake line{(await ExitWithinAsync(RestAfterExit).ConfigureAwait(false) is { } exit ? $", and {exit}" : "")}.");
    }

    /// <summary>The handshake, which names a socket to dial.</summary>
    /// <exception cref="CaseFailedException">There is none.</exception>
    public async Task<HandshakeLine> HandshakeAsync(CancellationToken cancellationToken)
    {
        var text = await FirstLineAsync(cancellationToken).ConfigureAwait(false);
        if (!HandshakeLine.TryParse(Encoding.UTF8.GetBytes(text), out var line, out var violation))
            throw Failure($"The first line on standard output is no handshake: '{Shown(text)}'. {violation}");
        Address = line.Address;
        return line;
    }

    /// <summary>A connection to the plugin, which has said where it listens.</summary>
    /// <param name="authority">What <c>:authority</c> says.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="CaseFailedException">It does not listen, or does not speak HTTP/2.</exception>
    public async Task<RpcClientConnection> ConnectAsync(CancellationToken cancellationToken, string authority = "localhost")
    {
        if (Address.Length == 0)
            await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var transport = await UnixSocketConnector.ConnectAsync(Address, cancellationToken).ConfigureAwait(false);
            var options = new RpcClientOptions { Authority = authority, MaxReceiveMessageSize = MostMessageBytes, MaxSendMessageSize = MostMessageBytes };
            var connection = await RpcClientConnection.ConnectAsync(transport, options, cancellationToken).ConfigureAwait(false);
            _connections.Add(connection);
            return connection;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            throw Failure($"The plugin cannot be reached at the address of its handshake. {failure.Message}");
        }
    }

    /// <summary>A connection's calls.</summary>
    public async Task<CallInvoker> DialAsync(CancellationToken cancellationToken) => (await ConnectAsync(cancellationToken).ConfigureAwait(false)).CallInvoker;

    /// <summary>Asks the plugin to end, and waits for it. How the call ends does not matter: the plugin may be gone before it answers.</summary>
    /// <exception cref="CaseFailedException">It does not end in time, or does not know the call.</exception>
    public async Task<ChildExit> ShutdownAsync(CallInvoker calls, CancellationToken cancellationToken)
    {
        try
        {
            var client = new GRPCController.GRPCControllerClient(calls);
            await client.ShutdownAsync(new Wire.Services.GoPlugin.Empty(), cancellationToken: cancellationToken).ResponseAsync
                .WaitAsync(_subject.Options.StopTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException unknown) when (unknown.StatusCode == StatusCode.Unimplemented)
        {
            throw Failure("The plugin does not serve plugin.GRPCController/Shutdown, and so it cannot be asked to end: every stop costs its host patience and a kill.");
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException)
        {
            // What counts is the process's end.
        }

        return await EndAsync("it was asked to by plugin.GRPCController/Shutdown").ConfigureAwait(false);
    }

    /// <summary>Waits for the process's end, with the options' patience, and for the rest of its output.</summary>
    /// <exception cref="CaseFailedException">It does not end in time.</exception>
    public async Task<ChildExit> EndAsync(string since)
    {
        var exit = await ExitWithinAsync(_subject.Options.StopTimeout).ConfigureAwait(false)
            ?? throw Failure(string.Create(CultureInfo.InvariantCulture, $"The plugin's process has not ended within {_subject.Options.StopTimeout.TotalSeconds:0.###} s since {since}."));
        await Task.WhenAll(Output.Ended, Error.Ended).WaitAsync(RestAfterExit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return exit;
    }

    /// <summary>That the plugin refuses to run: an exit code other than 0, and nothing on standard output.</summary>
    /// <exception cref="CaseFailedException">It runs, or ends in another way.</exception>
    public async Task RefusesAsync(string what, CancellationToken cancellationToken)
    {
        var printed = Output.WaitAsync(bytes => bytes.Length > 0, cancellationToken);
        await Task.WhenAny(printed, Exited.WaitAsync(cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!printed.IsCompleted || !await printed.ConfigureAwait(false))
        {
            var exit = await EndAsync("its start").ConfigureAwait(false);
            if (Output.Bytes.Length == 0)
            {
                if (exit.ExitCode is null or 0)
                    throw Failure($"The plugin had to refuse {what} with an exit code other than 0, and {exit}.");
                return;
            }
        }

        throw Failure($"The plugin had to refuse {what} with nothing on standard output, and printed: '{Shown(Output.Text)}'.");
    }

    /// <summary>That the process does not end for what has just happened.</summary>
    /// <exception cref="CaseFailedException">It does.</exception>
    public async Task StaysAsync(string after)
    {
        if (await ExitWithinAsync(Watch).ConfigureAwait(false) is { } exit)
            throw Failure($"The plugin's process {exit} after {after}.");
    }

    /// <summary>Sends the signal of Ctrl+C to the plugin's process group, as a terminal does.</summary>
    public void SendInterrupt() => _ = LibC.Kill(-_child.Id, Interrupt);

    public void SendTerminate() => _child.Terminate();

    /// <summary>Closes the plugin's standard input.</summary>
    public ValueTask CloseInputAsync() => _child.StandardInput.DisposeAsync();

    /// <summary>Processes of this launch that live, but for the plugin's own. Linux.</summary>
    public IReadOnlyList<string> Descendants()
    {
        var assignment = Encoding.ASCII.GetBytes(LaunchVariables.LaunchId + "=");
        var buffer = new byte[16 * 1024];
        return
        [
            .. ProcessTable.ProcessIds()
                .Where(id => id != _child.Id && ProcessTable.Variable(id, assignment, ref buffer, out _) == _launchId)
                .Select(id => string.Create(CultureInfo.InvariantCulture, $"{id} ({ProcessTable.NameOf(id)})")),
        ];
    }

    /// <summary>Follows what the plugin prints to its console after the handshake, as a host does.</summary>
    public static AsyncServerStreamingCall<StdioData> FollowConsole(CallInvoker calls, CancellationToken cancellationToken) =>
        new GRPCStdio.GRPCStdioClient(calls).StreamStdio(new Google.Protobuf.WellKnownTypes.Empty(), cancellationToken: cancellationToken);

    /// <summary>A failure of the case, with what the plugin said on standard error.</summary>
    public CaseFailedException Failure(string message, Exception? cause = null)
    {
        const int MostShown = 2000;
        var said = Shown(Error.Text.Trim());
        return new CaseFailedException(said.Length == 0 ? message : $"{message} On standard error stood: {(said.Length > MostShown ? "…" + said[^MostShown..] : said)}", cause);
    }

    public static string Shown(string text) => PrintableText.Of(text);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync().ConfigureAwait(false);
        await _child.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Output.Ended, Error.Ended).WaitAsync(RestAfterExit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _directory.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ChildExit?> ExitWithinAsync(TimeSpan patience)
    {
        await ((Task)Exited).WaitAsync(patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Exited.IsCompleted ? await Exited.ConfigureAwait(false) : null;
    }
}
