using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Plugwire.Hosting.Launching;
using Plugwire.Launching;
using Plugwire.Testing.InProcess;
using Plugwire.Testing.OwnProcess;
using Plugwire.Testing.Probes.Observing;

namespace Plugwire.Testing.Harness;

/// <summary>What runs a harness's plugin, and what it has to say at the end.</summary>
internal sealed class HarnessRun
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly InProcessRunner? _inProcess;
    private readonly WatchedRunner? _ownProcess;
    private readonly TimeSpan _limit;

    private HarnessRun(InProcessRunner? inProcess, WatchedRunner? ownProcess, TimeSpan limit)
    {
        _limit = limit;
        _inProcess = inProcess;
        _ownProcess = ownProcess;
    }

    public PluginRunner Runner => (PluginRunner?)_inProcess ?? _ownProcess!;

    /// <summary>The plugin's services; null where it runs in a process of its own, or has not been put together.</summary>
    public IServiceProvider? Services => _inProcess?.Children.LastOrDefault()?.Services;

    public static HarnessRun Of(string name, Action<IPluginBuilder>? configure, PluginHarnessOptions options, ObservedCalls calls)
    {
        if (options.Way == PluginWay.Process)
            return new HarnessRun(null, new WatchedRunner(), options.RestLimit);

        return new HarnessRun(new InProcessRunner(name, Build, options.Way == PluginWay.Memory), null, options.RestLimit);

        PluginApplication Build(InProcessChild child, string[] arguments, LaunchContext launch)
        {
            var builder = new PluginApplicationBuilder(arguments, launch);
            // The outermost, before the plugin's own.
            builder.Services.AddSingleton(new CallObserver(calls));
            builder.AddInterceptor<CallObserver>();
            configure!(builder);
            if (options.TimeProvider is { } time)
                builder.Services.Add(new ServiceDescriptor(typeof(TimeProvider), time));
            foreach (var change in options.PluginChanges)
                change(builder);
            return builder.Build();
        }
    }

    /// <summary>Waits until nothing of the plugin runs in this process. To be called when the host has seen its end.</summary>
    /// <returns>A clause for each thing that still runs, or had been left behind.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        if (_ownProcess is not null)
            return [.. _ownProcess.LeftBehind];

        var left = new List<string>();
        foreach (var child in _inProcess!.Children)
        {
            await child.Run.WaitAsync(_limit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!child.Run.IsCompleted)
                left.Add(string.Create(CultureInfo.InvariantCulture, $"the plugin's run has not ended {_limit.TotalSeconds:0.###} s after its end for the host: a handler, a hosted service or a disposal of it hangs."));
            if (await HandlersLeftAsync(() => child.RunningHandlers, _limit, TimeProvider.System).ConfigureAwait(false) is var handlers and > 0)
                left.Add(string.Create(CultureInfo.InvariantCulture, $"{handlers} of the plugin's handlers still run: they heed neither their token nor the end of their call."));
            left.AddRange(child.LeftBehind);
        }

        return left;
    }

    // A handler whose caller has turned away is no part of the plugin's stop: it may be on its way to its end still.
    internal static async Task<int> HandlersLeftAsync(Func<int> running, TimeSpan limit, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (running() > 0 && time.GetElapsedTime(began) < limit)
            await Task.Delay(LookAgain, time, CancellationToken.None).ConfigureAwait(false);
        return running();
    }
}
