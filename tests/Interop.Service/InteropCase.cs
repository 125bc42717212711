using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>A client's case of gRPC's interoperability tests. Safe for several runs at once.</summary>
public abstract class InteropCase
{
    /// <summary>As the specification calls it; our own ones are named alike.</summary>
    public abstract string Name { get; }

    /// <summary>Runs the case.</summary>
    /// <param name="invoker">A client of any make, connected to a server that keeps to the specification.</param>
    /// <param name="options">What is known of the two; null for the defaults.</param>
    /// <param name="cancellationToken">Gives the run up.</param>
    /// <exception cref="InteropException">The case has failed.</exception>
    /// <exception cref="OperationCanceledException">The token has fired.</exception>
    public async Task RunAsync(CallInvoker invoker, InteropOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        options ??= new InteropOptions();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = RunAsync(new InteropRun(invoker, options, ended.Token));
        try
        {
            await run.WaitAsync(options.Limit, options.TimeProvider, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new InteropException($"{Name}: it was expected to end within {options.Limit.TotalSeconds} s, and has not ended.", exception);
        }
        catch (InteropException exception)
        {
            throw new InteropException($"{Name}: {exception.Message}", exception.InnerException);
        }
        catch (RpcException exception)
        {
            throw new InteropException($"{Name}: a call that was expected to succeed ended with {exception.Status}.", exception);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    public sealed override string ToString() => Name;

    /// <summary>The case's body.</summary>
    protected abstract Task RunAsync(InteropRun run);
}
