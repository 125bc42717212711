using Microsoft.Extensions.DependencyInjection;
using Plugwire.Launching;
using Plugwire.Lifetime;
using Plugwire.Running;

namespace Plugwire;

/// <summary>
/// The program around a plugin. It does what a host expects of a plugin's process: it checks that a host started it, says where it
/// listens, serves, passes log and console output on, and ends when the host asks for it or dies.
/// </summary>
/// <remarks>
/// Standard output belongs to the handshake: begin the program with <see cref="RunAsync{TPlugin}"/> or <see cref="CreateBuilder"/>, before anything
/// is printed. From then on the console is free to use, also for native code and child processes: what they print reaches the
/// host as the plugin's output (up to 256 KiB wait for a host that does not read; the oldest is dropped, and the log says so).
/// Standard error is the log channel. Standard input is empty under a Plugwire host, which keeps it for itself.
/// </remarks>
public sealed class PluginApplication : IAsyncDisposable
{
    private static readonly TimeSpan DisposeBudget = TimeSpan.FromSeconds(2);

    private readonly LaunchContext _launch;
    private readonly PluginParts _parts;
    private readonly ServiceProviderOwner _services;
    private readonly PluginLifetime _lifetime;
    private readonly TerminationSignals? _signals;
    private readonly Lock _gate = new();
    private Task<int>? _run;
    private volatile PluginRun? _running;

    internal PluginApplication(LaunchContext launch, PluginParts parts, ServiceProviderOwner services, PluginLifetime lifetime, TerminationSignals? signals)
    {
        _launch = launch;
        _parts = parts;
        _services = services;
        _lifetime = lifetime;
        _signals = signals;
    }

    /// <summary>The plugin's services. Disposed of when the run has ended.</summary>
    public IServiceProvider Services => _services.Provider;

    /// <summary>A client of a contract that the host implements, as <see cref="IHostContracts.GetHostContract{TContract}"/> makes it.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <exception cref="ObjectDisposedException">The run has ended.</exception>
    public TContract GetHostContract<TContract>()
        where TContract : class, IContract<TContract> => Services.GetRequiredService<IHostContracts>().GetHostContract<TContract>();

    /// <summary>
    /// Runs a plugin until its host asks for the end, the host dies, a terminate signal comes or <paramref name="cancellationToken"/> is
    /// cancelled. To be the program's first statement; its last, too, as a rule.
    /// </summary>
    /// <typeparam name="TPlugin">The plugin's class.</typeparam>
    /// <param name="args">The program's arguments, which become part of the configuration.</param>
    /// <param name="cancellationToken">Stops the plugin as the host would; not an error.</param>
    /// <returns>
    /// The exit code, which is also set as the process's (<see cref="Environment.ExitCode"/>): 0 after a stop, 1 when the program was not started by its host or
    /// is misconfigured, 2 when the start failed, 3 when a background service or the run failed. What went wrong stands on standard error.
    /// </returns>
    public static async Task<int> RunAsync<TPlugin>(string[] args, CancellationToken cancellationToken = default)
        where TPlugin : IPlugin, new()
    {
        return Environment.ExitCode = await RunAsync(typeof(TPlugin).ToString(), Build, Descriptors.StandardError.Tell, cancellationToken).ConfigureAwait(false);

        PluginApplication Build()
        {
            var builder = CreateBuilder(args);
            new TPlugin().Configure(builder);
            return builder.Build();
        }
    }

    /// <summary>
    /// Begins a plugin program that is put together by hand. To be the program's first statement: the standard streams are taken over here.
    /// </summary>
    /// <param name="args">The program's arguments, which become part of the configuration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="args"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The host's settings, the arguments or the standard streams cannot be used; says why.</exception>
    public static PluginApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new PluginApplicationBuilder(args, LaunchContext.OfThisProcess);
    }

    /// <summary>Runs the plugin, once, and disposes of it; the same as <see cref="RunAsync{TPlugin}"/> from here on.</summary>
    /// <param name="cancellationToken">Stops the plugin as the host would; not an error.</param>
    /// <returns>The exit code: see <see cref="RunAsync{TPlugin}"/>.</returns>
    /// <exception cref="InvalidOperationException">The application has been run or disposed of before.</exception>
    public Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_run is not null)
                throw new InvalidOperationException("A plugin application runs once: build another one.");
            // Elsewhere, so that the author's first synchronous steps are not run inside the lock.
            _run = Task.Run(() => RunCoreAsync(cancellationToken), CancellationToken.None);
            return _run;
        }
    }

    /// <summary>Stops the plugin if it runs, and disposes of its services. Returns within the drain time-out and little more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<int> run;
        lock (_gate)
        {
            _lifetime.StopApplication();
            run = _run ??= DisposeUnusedAsync();
        }

        await run.ConfigureAwait(false);
    }

    /// <summary>How many handlers run; after the run those that heed no token.</summary>
    internal int RunningHandlers => _running?.RunningHandlers ?? 0;

    /// <summary>The whole life of a plugin, from what puts it together to its exit code. Never throws: what went wrong is told.</summary>
    internal static async Task<int> RunAsync(string name, Func<PluginApplication> build, Action<string> tell, CancellationToken cancellationToken)
    {
        PluginApplication application;
        try
        {
            application = build();
        }
        catch (LaunchRefusedException refusal)
        {
            tell("[ERROR] " + refusal.Message);
            return ExitCodes.Refused;
        }
        catch (Exception failure)
        {
            tell($"[ERROR] The plugin {name} could not be put together. {failure}");
            return ExitCodes.StartFailed;
        }

        await using (application.ConfigureAwait(false))
            return await application.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunCoreAsync(CancellationToken cancellationToken)
    {
        var run = _running = new PluginRun(_launch, _parts, _services, _lifetime);
        var code = await run.RunAsync(cancellationToken).ConfigureAwait(false);
        _signals?.Dispose();
        _lifetime.Dispose();
        // A program whose Main returns nothing ends with the right code all the same.
        if (_launch.OwnsProcess && code != ExitCodes.Stopped)
            Environment.ExitCode = code;
        return code;
    }

    private async Task<int> DisposeUnusedAsync()
    {
        await _services.DisposeAsync(DisposeBudget, _launch.Tell).ConfigureAwait(false);
        _signals?.Dispose();
        _lifetime.Dispose();
        return ExitCodes.Stopped;
    }
}
