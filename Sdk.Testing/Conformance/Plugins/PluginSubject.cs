using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using ConformanceService = Plugwire.Testing.Conformance.Contract.Conformance;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>The plugin whose conformance is looked at: its program, and how it is launched.</summary>
internal sealed class PluginSubject
{
    // go-plugin's own, for plugins that listen on TCP; they must not fail for the want of it.
    private const string MinPort = "10000";
    private const string MaxPort = "25000";

    private readonly string _path;
    private readonly Lazy<Task<string?>> _contract;

    public PluginSubject(string path, PluginConformanceOptions options)
    {
        _path = path;
        Options = options;
        _contract = new Lazy<Task<string?>>(FindContractAsync);
    }

    public PluginConformanceOptions Options { get; }

    /// <summary>Null when the plugin serves the conformance contract in its conformance mode; else a sentence that says so. Looked at once, when it is first asked for.</summary>
    public Task<string?> Contract => _contract.Value;

    /// <summary>Launches the program as a host would, with nothing of our own host's patience for what it does then.</summary>
    /// <exception cref="Hosting.PluginStartException">There is no such program, or it cannot be started.</exception>
    public async Task<SubjectProcess> LaunchAsync(SubjectLaunch launch)
    {
        var attempt = new PluginStartAttempt(_path, TimeProvider.System);
        var command = PluginCommand.Resolve(_path, [.. Options.Arguments, .. launch.Arguments], Environment.CurrentDirectory, attempt);
        var directory = LaunchDirectory.Create(null, attempt, NullLogger.Instance);
        try
        {
            var launchId = Guid.NewGuid().ToString("N");
            var start = new ChildStart
            {
                FileName = command.FileName,
                Arguments = command.Arguments,
                WorkingDirectory = directory.Path,
                Environment = VariablesOf(launch, directory, launchId, attempt),
            };
            return new SubjectProcess(await ChildProcess.StartAsync(start, attempt).ConfigureAwait(false), directory, launchId, this);
        }
        catch
        {
            await directory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private IReadOnlyDictionary<string, string> VariablesOf(SubjectLaunch launch, LaunchDirectory directory, string launchId, PluginStartAttempt attempt)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Options.CookieKey] = Options.CookieValue,
            [LaunchVariables.ProtocolVersions] = launch.Versions ?? ProtocolVersions.Format(Options.ProtocolVersions),
            [LaunchVariables.MinPort] = MinPort,
            [LaunchVariables.MaxPort] = MaxPort,
            [LaunchVariables.LaunchId] = launchId,
            [LaunchVariables.StopPatience] = ((long)Options.StopTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        if (launch.HasLifeline)
            variables[LaunchVariables.Lifeline] = LaunchVariables.LifelineStdin;
        directory.AddVariables(variables);
        foreach (var (name, value) in launch.Variables)
        {
            if (value is null)
                variables.Remove(name);
            else
                variables[name] = value;
        }

        var own = Options.EnvironmentVariables.ToDictionary(variable => variable.Key, string? (variable) => variable.Value, StringComparer.Ordinal);
        return PluginEnvironment.Create(inheritAll: false, own, variables, attempt);
    }

    private async Task<string?> FindContractAsync()
    {
        using var late = new CancellationTokenSource(Options.CaseTimeout, TimeProvider.System);
        try
        {
            await PluginCheck.RunAsync(this, SubjectLaunch.InConformanceMode, AskAsync, late.Token).ConfigureAwait(false);
            return null;
        }
        catch (CaseFailedException failure)
        {
            return $"Started with {SubjectLaunch.InConformanceMode.Arguments[0]}, the plugin does not serve the conformance contract. {failure.Message}";
        }
    }

    private static async Task AskAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        var client = new ConformanceService.ConformanceClient(await process.DialAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await client.EchoAsync(new Payload(), cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            throw new CaseFailedException("Its Echo is UNIMPLEMENTED.");
        }
        catch (RpcException)
        {
            // It serves the contract: what it makes of the call is for the cases to say.
        }
    }
}
