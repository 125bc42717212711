using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>A plugin with the hardened profile, as the system shows it.</summary>
internal sealed class G40HardenedProfile : Promise
{
    private readonly Figure _wrong = Figure.None("settings that are not in force", "diagnostics, core dumps, open files, new privileges, oom_score_adj");

    public override string Id => "G40";

    public override string Name => "the hardened profile holds";

    public override Amount Runs => new(2, 10, 50);

    public override IReadOnlyList<Figure> Figures => [_wrong];

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var options = stage.Faulty();
        options.Hardened = true;
        var id = (await stage.StartAsync(options, cancellationToken)).ProcessId;

        var own = int.Parse(ProcessFiles.Read(Environment.ProcessId, "oom_score_adj"), CultureInfo.InvariantCulture);
        (string Name, bool Holds)[] settings =
        [
            ("DOTNET_EnableDiagnostics=0", ProcessFiles.Read(id, "environ").Split('\0').Contains("DOTNET_EnableDiagnostics=0")),
            ("no core dumps", Limit(id, "Max core file size") is 0 or 1),
            ("1,024 open files", Limit(id, "Max open files") is > 0 and <= 1024),
            ("no new privileges", ProcessFiles.Read(id, "status").Contains("NoNewPrivs:\t1", StringComparison.Ordinal)),
            ("oom_score_adj", ProcessFiles.Read(id, "oom_score_adj").Trim() == Math.Min(1000, own + 1).ToString(CultureInfo.InvariantCulture)),
        ];
        _wrong.AddEach([.. settings.Where(setting => !setting.Holds).Select(setting => setting.Name)]);
    }

    // The soft one; "unlimited" is none.
    private static long Limit(int id, string name)
    {
        var line = ProcessFiles.Read(id, "limits").Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.TryParse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
    }
}
