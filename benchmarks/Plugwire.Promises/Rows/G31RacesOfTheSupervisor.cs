using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>The same with launches that are scripted, and so many times as many.</summary>
internal sealed class G31RacesOfTheSupervisor : Promise
{
    private const string Test = "Plugwire.Hosting.Tests.Supervising.Model.SupervisorTests.StartStopRestartCrashAndCancel_InAnyOrderFromAnyThread_EndAllAndLeaveNothing";

    private static readonly Amount Histories = new(1000, 10_000, 100_000);

    private readonly Figure _failed;

    public G31RacesOfTheSupervisor(Scale scale) =>
        _failed = Figure.None("hangs, wrong ends and launches that are left", string.Create(CultureInfo.InvariantCulture, $"{Histories.At(scale):N0} histories, by SupervisorTests"));

    public override string Id => "G31";

    public override string Name => "races of a plugin's life are safe, in the supervisor alone";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_failed];

    public override TimeSpan RunLimit => TimeSpan.FromMinutes(30);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var histories = Histories.At(stage.Scale).ToString(CultureInfo.InvariantCulture);
        var (passed, output) = await TestProgram.RunAsync(Programs.HostTests, ["-method", Test], [new("PLUGWIRE_RACES", histories)], cancellationToken);
        _failed.AddEach(passed ? [] : [output]);
    }
}
