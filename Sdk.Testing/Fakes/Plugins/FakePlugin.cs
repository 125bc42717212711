using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting;
using Plugwire.Hosting.Launching;
using Plugwire.Launching;
using Plugwire.Lifetime;
using Plugwire.Testing.Fakes.Plugins;
using Plugwire.Testing.InProcess;

namespace Plugwire.Testing;

/// <summary>
/// A plugin for tests of a host: the host starts it as it starts its own, by its own options, and it does as the test says. It runs in the test's process, connected by memory, with all of the real
/// protocol between them, from the handshake to the stop. Safe for use by several threads.
/// </summary>
/// <example>
/// <code>
/// var inspector = new FakeContract&lt;IInspector&gt;();
/// await using var plugin = new FakePlugin(plugin => plugin.AddContract(inspector));
/// services.AddPluginHost().AddPlugin("todo", plugin.RunIn);
/// …
/// plugin.Crash();
/// </code>
/// </example>
public sealed class FakePlugin : IAsyncDisposable
{
    private const int SigAbort = 6;

    // By the system's clock, and spent by tests alone whose answers heed no token.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly Action<IPluginBuilder>? _configure;
    private readonly InProcessRunner _runner;
    private readonly FakeStart _start = new();
    private volatile bool _isHealthy = true;
    private volatile bool _ignoresStop;

    /// <summary>Creates a plugin that nobody has started yet.</summary>
    /// <param name="configure">Adds what it serves, at each start: fake contracts, real ones, classic services. Null for nothing.</param>
    public FakePlugin(Action<IPluginBuilder>? configure = null)
    {
        _configure = configure;
        _runner = new InProcessRunner("of the test", Build, inMemory: true);
    }

    /// <summary>How often it has been started.</summary>
    public int Starts => _runner.Children.Count;

    /// <summary>Whether it runs: it has been started, and has neither ended nor been killed since.</summary>
    public bool IsRunning => _runner.Children.LastOrDefault() is { Exited.IsCompleted: false };

    /// <summary>What it answers when its host asks whether it serves; true by default. At a start, false fails it.</summary>
    public bool IsHealthy
    {
        get => _isHealthy;
        set
        {
            _isHealthy = value;
            if (_runner.Children.LastOrDefault()?.Services?.GetService<PluginLifetime>() is { } lifetime)
                lifetime.IsServing = value;
        }
    }

    /// <summary>Whether it goes on when it is asked to stop, and when the terminate signal comes, so that its host has to kill it; false by default. It ends its calls all the same.</summary>
    public bool IgnoresStop
    {
        get => _ignoresStop;
        set
        {
            _ignoresStop = value;
            if (_runner.Children.LastOrDefault() is { } child)
                child.Lingers = value;
        }
    }

    /// <summary>Its services, of the latest start.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IServiceProvider Services => Current.Services ?? throw new InvalidOperationException("The fake plugin is being put together: it has no services yet.");

    private InProcessChild Current => _runner.Children.LastOrDefault() ?? throw new InvalidOperationException(
        $"The fake plugin has not been started. Give it to the host's options by {nameof(RunIn)}, and let the host start it.");

    /// <summary>Has a plugin of these options be this one. To be given to a host as it is: <c>AddPlugin("todo", plugin.RunIn)</c>.</summary>
    /// <param name="options">The host's. All but the program counts as always; without a program the plugin is called <c>fake-plugin</c>.</param>
    public void RunIn(PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.FileName))
            options.FileName = "fake-plugin";
        options.Runner = _runner;
    }

    /// <summary>From now on a start waits, before the handshake, until the test releases it, or the host gives it up.</summary>
    /// <returns>What the test releases. It takes the place of one that was there.</returns>
    public FakeHold HoldStart() => _start.Hold();

    /// <summary>From now on the plugin ends at its start, before the handshake, as a program does that cannot work.</summary>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="error">What it says on standard error before; null for nothing.</param>
    public void RefuseStart(int exitCode = 1, string? error = null) => _start.Refuse(new FakeRefusal(exitCode, error));

    /// <summary>From now on the plugin starts again.</summary>
    public void AllowStart() => _start.Refuse(null);

    /// <summary>Ends as a process that exits: its connections are cut, and nothing is drained. Also from within an answer, to end at a given call.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void Exit(int exitCode) => Current.End(new ChildExit(exitCode, null));

    /// <summary>Ends as a process that a signal ends: its connections are cut, and nothing is drained. Also from within an answer, to crash at a given call.</summary>
    /// <param name="signal">The signal's number; SIGABRT (6) by default, by which a .NET program ends that has thrown.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void Crash(int signal = SigAbort) => Current.End(new ChildExit(null, signal));

    /// <summary>Prints a line on its console, which comes to the host as the plugin's output.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void WriteLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Current.WriteLine(line);
    }

    /// <summary>Prints a line on its standard error, as it is.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public void WriteErrorLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Current.WriteErrorLine(line);
    }

    /// <summary>Its logger, whose entries come to the host as the plugin's own, at the level that the host has set.</summary>
    /// <param name="category">The entries' category.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public ILogger CreateLogger(string category) => Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    /// <summary>Ends it, if its host has not, and waits until nothing of it runs any more; for 30 s at most. May be called again.</summary>
    /// <exception cref="ExpectationException">It still runs: an answer or a service of it heeds no token.</exception>
    public async ValueTask DisposeAsync()
    {
        foreach (var child in _runner.Children)
        {
            await child.DisposeAsync().ConfigureAwait(false);
            await child.Run.WaitAsync(EndLimit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!child.Run.IsCompleted)
                throw new ExpectationException($"The fake plugin should have ended, and it runs {EndLimit.TotalSeconds:0} s after it was killed: an answer, a hosted service or a disposal of it heeds no token.");
        }
    }

    private PluginApplication Build(InProcessChild child, string[] arguments, LaunchContext launch)
    {
        child.Lingers = _ignoresStop;
        var builder = new PluginApplicationBuilder(arguments, launch);
        builder.Services.AddSingleton<IHostedService>(new FakeStartService(_start, child));
        _configure?.Invoke(builder);
        var application = builder.Build();
        application.Services.GetRequiredService<PluginLifetime>().IsServing = _isHealthy;
        return application;
    }
}
