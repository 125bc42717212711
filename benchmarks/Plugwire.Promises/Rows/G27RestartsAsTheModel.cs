using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>The supervisor beside a small reference, over random histories on a clock that jumps.</summary>
internal sealed class G27RestartsAsTheModel : Promise
{
    private const string Test = "Plugwire.Hosting.Tests.Supervising.Model.SupervisorModelTests.Supervisor_OverRandomHistories_DoesWhatTheReferenceDoes";

    private static readonly Amount Histories = new(5000, 20_000, 100_000);

    private readonly Figure _divergences;

    public G27RestartsAsTheModel(Scale scale) =>
        _divergences = Figure.None("divergences", string.Create(CultureInfo.InvariantCulture, $"{Histories.At(scale):N0} histories, by SupervisorModelTests"));

    public override string Id => "G27";

    public override string Name => "restarts are as their model has them";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_divergences];

    public override TimeSpan RunLimit => TimeSpan.FromMinutes(30);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var histories = Histories.At(stage.Scale).ToString(CultureInfo.InvariantCulture);
        var (passed, output) = await TestProgram.RunAsync(Programs.HostTests, ["-method", Test], [new("PLUGWIRE_HISTORIES", histories)], cancellationToken);
        _divergences.AddEach(passed ? [] : [output]);
    }
}
