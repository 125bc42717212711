using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Checking;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Failures;
using Plugwire.Shapes;

namespace Plugwire.Hosting.Checking;

/// <summary>The step of a start that compares the contracts that the host asks for with what the plugin serves.</summary>
internal sealed partial class ContractStep(PluginStartAttempt attempt, ContractCheck check, ILogger logger)
{
    private const string Expected = "the descriptors of each contract that the host asks for, by grpc.reflection.v1.ServerReflection.";

    private readonly ContractComparison _comparison = new();

    /// <exception cref="ContractMismatchException">Calls would break.</exception>
    /// <exception cref="PluginStartException">The plugin does not tell what it must, or nothing that could be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<bool> RunAsync(CallInvoker control, IReadOnlyList<RequestedContract> contracts, CancellationToken cancellationToken)
    {
        try
        {
            await CompareAsync(control, contracts, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw attempt.FailCall(PluginStartStage.Contracts, PluginStartReason.BadDescription, "the call", failure, Expected, advice: null, cancellationToken);
        }
        catch (BadContractException failure)
        {
            throw attempt.Fail(
                PluginStartStage.Contracts, PluginStartReason.BadDescription, failure.Message, Expected,
                $"Mend the plugin's reflection service, or set {nameof(PluginOptions.ContractCheck)} to {nameof(ContractCheck.Off)}.", failure);
        }

        if (_comparison.Differences.Count > 0)
            throw Mismatch();
        return true;
    }

    private async Task CompareAsync(CallInvoker control, IReadOnlyList<RequestedContract> contracts, CancellationToken cancellationToken)
    {
        var reflection = await ReflectionClient.FindAsync(control, cancellationToken).ConfigureAwait(false);
        var descriptors = reflection is null ? null : new ReflectedDescriptors(reflection);
        foreach (var contract in contracts)
        {
            if (reflection?.Services is { } services && !services.Contains(contract.ServiceName))
            {
                _comparison.OnlyHere++;
                _comparison.Add(ContractRules.ServiceMissing, contract.ServiceName, $"service {contract.ServiceName}", ServedServices.Describe(services));
            }
            else if (descriptors is null || !await descriptors.TryFetchAsync(contract.ServiceName).ConfigureAwait(false))
            {
                TellUnchecked(contract, hasReflection: descriptors is not null);
            }
            else
            {
                var here = DescriptorReader.Read(contract.Descriptor().File);
                _comparison.Add(ContractComparer.Compare(contract.ServiceName, here, descriptors.Shape, cancellationToken: cancellationToken));
            }
        }
    }

    private void TellUnchecked(RequestedContract contract, bool hasReflection)
    {
        if (check == ContractCheck.Required)
        {
            throw attempt.Fail(
                PluginStartStage.Contracts,
                PluginStartReason.ContractNotDescribed,
                hasReflection ? $"no descriptors of {contract.ServiceName} from its reflection service." : "no reflection service.",
                Expected,
                $"Let the plugin serve it by the Plugwire SDK or by generated code, or set {nameof(PluginOptions.ContractCheck)} to {nameof(ContractCheck.WhenServed)}.");
        }

        Log.Unchecked(logger, attempt.PluginName, contract.ServiceName);
    }

    private ContractMismatchException Mismatch() => new(
        attempt.Describe(
            PluginStartStage.Contracts,
            PluginStartReason.ContractMismatch,
            _comparison.Differences.Count == 1 ? "a difference by which calls break:" : $"{_comparison.Differences.Count} differences by which calls break:",
            "that host and plugin mean the same by each contract that the host asks for.",
            Advice()) with
        {
            Table = ContractTable.Format(_comparison.Differences, "host", "plugin"),
        },
        _comparison);

    // What only one side has breaks nothing, but it is the newer that has it.
    private string Advice() => (_comparison.OnlyHere, _comparison.OnlyThere) switch
    {
        ( > 0, 0) => "The plugin is the older side: it lacks methods, fields or values that the host has, and has none that the host lacks. Build it with the host's contract.",
        (0, > 0) => "The host is the older side: it lacks methods, fields or values that the plugin has, and has none that the plugin lacks. Build it with the plugin's contract, or use an older plugin.",
        _ => "Nothing tells which side is the older. Build both with the same .proto files.",
    };

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Information, "Plugin '{Plugin}' serves no descriptors of {Contract}: whether it means what the host means by it was not checked.")]
        public static partial void Unchecked(ILogger logger, string plugin, string contract);
    }
}
