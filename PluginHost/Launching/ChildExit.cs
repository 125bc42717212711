using System.Globalization;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Launching;

/// <summary>How a child ended.</summary>
/// <param name="ExitCode">Null when a signal ended it.</param>
/// <param name="Signal">Null when it exited by itself. Both are null when the status was lost: the host's process reaps all children, and not for us.</param>
internal readonly record struct ChildExit(int? ExitCode, int? Signal)
{
    public override string ToString() => this switch
    {
        { Signal: { } signal } => $"ended by {SignalName.Of(signal)}",
        { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exited with code {code}"),
        _ => "ended, its exit code is not known",
    };
}
