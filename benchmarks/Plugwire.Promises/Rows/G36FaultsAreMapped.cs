using System.Text.RegularExpressions;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>The page that maps each fault to what the host does and to its tests, which the build holds to be true.</summary>
internal sealed partial class G36FaultsAreMapped : Promise
{
    private const int Faults = 50;
    private const int MayHaveNone = 3;

    private static readonly string? Page = Programs.Repository is { } root ? Path.Combine(root, "docs", "failures.md") : null;

    private readonly Figure _unmapped = Figure.None("of the faults F01 to F50 without a row");
    private readonly Figure _untested = Figure.AtMost("of them without a test", "", MayHaveNone);

    public override string Id => "G36";

    public override string Name => "every fault of the catalogue has its test";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_unmapped, _untested];

    public override bool IsMissing => Page is not null && !File.Exists(Page);

    public override string? Obstacle => Page is null ? "the repository is not here" : IsMissing ? "docs/failures.md is not there" : null;

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var rows = (await File.ReadAllLinesAsync(Page!, cancellationToken)).Select(line => Row().Match(line)).Where(match => match.Success).ToArray();
        var all = Enumerable.Range(1, Faults).Select(number => $"F{number:00}").ToArray();
        _unmapped.AddEach([.. all.Except(rows.Select(row => row.Groups[1].Value))]);
        _untested.AddEach([.. rows.Where(row => !row.Groups[2].Value.Contains("Tests.", StringComparison.Ordinal)).Select(row => row.Groups[1].Value)]);
    }

    [GeneratedRegex(@"^\| (F\d\d) \|.*\|([^|]*)\|\s*$")]
    private static partial Regex Row();
}
