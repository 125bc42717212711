using Grpc.Core;
using Plugwire.Wire.Services.Control;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Plugwire.Hosting.Connecting;

/// <summary>Changes a plugin's log level while it runs.</summary>
internal static class LogLevelCall
{
    /// <exception cref="NotSupportedException">The plugin is none of Plugwire's, or an older one.</exception>
    /// <exception cref="RpcException">The plugin did not answer.</exception>
    public static async Task SetAsync(CallInvoker control, LogLevel minimum, DateTime deadline, CancellationToken cancellationToken)
    {
        try
        {
            // The contract's levels are the same with one more, unspecified, before them.
            var request = new SetLogLevelRequest { Minimum = (Wire.Services.Control.LogLevel)((int)minimum + 1) };
            using var call = new Control.ControlClient(control).SetLogLevelAsync(request, deadline: deadline, cancellationToken: cancellationToken);
            await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unimplemented)
        {
            throw new NotSupportedException("The plugin has no service by which its log level can be changed: it is no Plugwire plugin, or was made with an older SDK.", refusal);
        }
    }
}
