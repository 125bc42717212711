using Examples.Inspect.Reporting;
using Examples.Inspect.Streaming;
using Examples.Inspection;
using Grpc.Core;
using Plugwire.Hosting;

namespace Examples.Inspect.Plugins;

/// <summary>The plugins the job needs: started together, stopped together.</summary>
internal sealed class InspectionPlugins : IAsyncDisposable
{
    private const string ReporterName = "reporter";
    private const string WatcherName = "watcher";
    private static readonly string[] InspectorNames = ["todo-inspector", "secret-inspector"];

    private readonly IReadOnlyDictionary<string, Plugin> _plugins;

    private InspectionPlugins(IReadOnlyDictionary<string, Plugin> plugins)
    {
        _plugins = plugins;
        Inspectors = [.. InspectorNames.Select(name => new NamedInspector(name, plugins[name].GetContract<IInspector>()))];
        InspectorPlugins = [.. InspectorNames.Select(name => plugins[name])];
        Watcher = plugins.GetValueOrDefault(WatcherName)?.GetContract<IWatcher>();
    }

    public IReadOnlyList<NamedInspector> Inspectors { get; }

    /// <summary>What the inspectors run in.</summary>
    public IReadOnlyList<Plugin> InspectorPlugins { get; }

    /// <summary>Null when nothing is to be watched.</summary>
    public IWatcher? Watcher { get; }

    /// <summary>Offers the rules to the inspectors, and has their options prepared where they need more. Throws <see cref="InspectException"/> when one does not start; the others are stopped then.</summary>
    public static async Task<InspectionPlugins> StartAsync(IRules rules, bool watch, Action<PluginOptions>? prepareInspector, CancellationToken cancellationToken)
    {
        string[] names = [.. InspectorNames, ReporterName, .. watch ? [WatcherName] : Array.Empty<string>()];
        var starts = names.Select(name => Plugin.StartAsync(OptionsOf(name, rules, prepareInspector), cancellationToken)).ToArray();
        try
        {
            var plugins = await Task.WhenAll(starts);
            return new InspectionPlugins(names.Zip(plugins).ToDictionary());
        }
        catch (Exception exception)
        {
            await Task.WhenAll(starts.Where(start => start.IsCompletedSuccessfully).Select(async start => await (await start).DisposeAsync()));
            if (exception is PluginException && !cancellationToken.IsCancellationRequested)
                throw new InspectException(exception.Message);
            throw;
        }
    }

    /// <summary>What all inspectors look for.</summary>
    public async Task<IReadOnlyList<Rule>> DescribeRulesAsync(CancellationToken cancellationToken)
    {
        var rules = new List<Rule>();
        foreach (var inspector in Inspectors)
        {
            try
            {
                var description = await inspector.Inspector.DescribeAsync(new DescribeRequest(), cancellationToken: cancellationToken);
                rules.AddRange(description.Rules);
            }
            catch (RpcException exception)
            {
                throw PluginFailure.Of(inspector.Name, exception);
            }
        }

        return rules;
    }

    public ReporterCall BeginReport(CancellationToken cancellationToken) =>
        new(ReporterName, _plugins[ReporterName].GetContract<IReporter>(), cancellationToken);

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_plugins.Values.Select(async plugin => await plugin.DisposeAsync()));

    // None of the contracts is checked at the start: host and plugins are built together, and placed side by side.
    private static PluginOptions OptionsOf(string name, IRules rules, Action<PluginOptions>? prepareInspector)
    {
        var options = new PluginOptions(PluginFile.Of(name)) { Name = name };
        if (!InspectorNames.Contains(name))
            return options;

        prepareInspector?.Invoke(options);
        return options.AddHostContract(rules);
    }
}
