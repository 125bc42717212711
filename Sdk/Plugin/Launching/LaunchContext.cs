using Microsoft.Extensions.Logging;
using Plugwire.Descriptors;
using Plugwire.Logging;
using Plugwire.Output;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Launching;

/// <summary>How this plugin was launched: what its host said by the environment, and the channels to it.</summary>
internal sealed class LaunchContext
{
    private static readonly Lazy<LaunchContext> Process = new(TakeOver);

    /// <summary>
    /// This process's launch. At the first use the lifeline is armed, then the standard streams are taken over: this comes before
    /// any code of the author's, so that the host's death is noticed whatever that code does, and no byte of it tears the handshake.
    /// </summary>
    /// <exception cref="LaunchRefusedException">The standard streams are not there.</exception>
    public static LaunchContext OfThisProcess => Process.Value;

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Tells a person a sentence, on standard error.</summary>
    public required Action<string> Tell { get; init; }

    public required LineWriter WriteLogLine { get; init; }

    /// <summary>Writes to the original standard output, where the handshake belongs; false when nobody reads it any more.</summary>
    public required Func<byte[], bool> WriteHandshake { get; init; }

    public required HostWatch Host { get; init; }

    /// <summary>Listens where the plugin's socket is to be; on a Unix domain socket by default.</summary>
    public Func<string, TimeProvider, ILogger, IConnectionListener> Listen { get; init; } = UnixSocketListener.Bind;

    /// <summary>Null when the process's console is left alone.</summary>
    public ConsoleCapture? Console { get; init; }

    /// <summary>Whether signals of the process are the plugin's to handle.</summary>
    public bool OwnsProcess { get; init; }

    private static LaunchContext TakeOver()
    {
        var host = HostWatch.Arm(Environment.GetEnvironmentVariable);
        try
        {
            var console = ConsoleCapture.TakeOver(out var original);
            return new LaunchContext
            {
                Variable = Environment.GetEnvironmentVariable,
                Tell = StandardError.Tell,
                WriteLogLine = StandardError.Write,
                WriteHandshake = line => OriginalOutput.TryWrite(original, line),
                Host = host,
                Console = console,
                OwnsProcess = true,
            };
        }
        catch (IOException failure)
        {
            throw new LaunchRefusedException(
                $"The plugin's standard output cannot be set up, and without it there is no handshake. {failure.Message} " +
                "A host starts a plugin with open standard streams.", failure);
        }
    }
}
