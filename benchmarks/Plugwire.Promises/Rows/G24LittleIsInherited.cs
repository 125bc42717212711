using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Rows;

/// <summary>A host with 50 variables and 10 open files that are nobody's business.</summary>
internal sealed class G24LittleIsInherited : Promise
{
    private const int Variables = 50;
    private const int Files = 10;

    private static readonly string[] Allowed = ["PATH", "HOME", "TMPDIR", "LANG", "LC_", "TZ", "DOTNET_", "SSL_CERT_", "PLUGIN_", "PLUGWIRE_", "USER", "LOGNAME"];

    private readonly Figure _variables = Figure.None("variables that are not on the list of what is allowed");
    private readonly Figure _files = Figure.None("open files of the host");

    public override string Id => "G24";

    public override string Name => "a plugin inherits little";

    public override Amount Runs => new(2, 10, 50);

    public override IReadOnlyList<Figure> Figures => [_variables, _files];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        string[] names = [.. Enumerable.Range(0, Variables).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "SECRET" : "AWS_KEY")}_{i}"))];
        foreach (var name in names)
            Environment.SetEnvironmentVariable(name, "secret");
        var path = Path.Combine(stage.Root, "planted");
        var files = Enumerable.Range(0, Files).Select(_ => InheritedFile.Open(path)).ToArray();
        try
        {
            var plugin = await stage.StartAsync(stage.Faulty(), cancellationToken);
            var description = await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest(), cancellationToken: cancellationToken);

            _variables.AddEach([.. description.Environment.Keys.Where(name => !Array.Exists(Allowed, allowed => name.StartsWith(allowed, StringComparison.Ordinal)))]);
            _files.AddEach([.. ProcessFiles.Descriptors(plugin.ProcessId).Where(target => target == path)]);
            await plugin.StopAsync(cancellationToken);
        }
        finally
        {
            foreach (var name in names)
                Environment.SetEnvironmentVariable(name, null);
            foreach (var file in files)
                file.Dispose();
            File.Delete(path);
        }
    }
}
