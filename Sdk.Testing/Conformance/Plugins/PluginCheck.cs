using System.Globalization;
using Grpc.Core;
using Plugwire.Testing.Conformance.Running;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Makes checks of what a plugin does in a process of its own.</summary>
internal static class PluginCheck
{
    /// <summary>A check of the protocol: no contract is needed.</summary>
    public static ConformanceCheck<PluginSubject> Of(ConformanceCase item, Func<SubjectProcess, CancellationToken, Task> run, SubjectLaunch? launch = null) =>
        new(item, (subject, token) => RunAsync(subject, launch ?? SubjectLaunch.AsHostsDo, run, token));

    /// <summary>A check by calls of the conformance contract; skipped where it is not served.</summary>
    public static ConformanceCheck<PluginSubject> OfContract(ConformanceCase item, Func<ContractCalls, CancellationToken, Task> run) => new(item, async (subject, token) =>
    {
        if (await subject.Contract.WaitAsync(token).ConfigureAwait(false) is { } missing)
        {
            throw subject.Options.RequireContract
                ? new CaseFailedException(missing)
                : new CaseSkippedException(missing);
        }

        await RunAsync(subject, SubjectLaunch.InConformanceMode, (process, innerToken) => ContractCalls.RunAsync(process, run, innerToken), token).ConfigureAwait(false);
    });

    /// <summary>Starts the plugin once for a check. What a call ends with is the plugin's doing.</summary>
    public static async Task RunAsync(PluginSubject subject, SubjectLaunch launch, Func<SubjectProcess, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var process = await subject.LaunchAsync(launch).ConfigureAwait(false);
        await using var ending = process.ConfigureAwait(false);
        try
        {
            await run(process, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw process.Failure(string.Create(CultureInfo.InvariantCulture, $"A call ended with {failure.StatusCode}: {SubjectProcess.Shown(failure.Status.Detail)}"), failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw process.Failure("The case has not come to its end in its time.");
        }
    }

    public static void RequireLinux(string what)
    {
        if (!OperatingSystem.IsLinux())
            throw new CaseSkippedException($"{what} on Linux only.");
    }
}
