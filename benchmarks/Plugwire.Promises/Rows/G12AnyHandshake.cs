using System.Globalization;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>What reads a handshake is given all kinds of bytes, in all kinds of pieces.</summary>
internal sealed class G12AnyHandshake : Promise
{
    private const string Tests = "Plugwire.Hosting.Tests.Fuzzing.HandshakeFuzzTests";

    private static readonly Amount Cases = new(10_000, 50_000, 1_000_000);
    private static readonly string? Source = Programs.Repository is { } root ? Path.Combine(root, "tests", "PluginHost.Tests", "Fuzzing", "HandshakeFuzzTests.cs") : null;

    private readonly Figure _failed;

    public G12AnyHandshake(Scale scale) => _failed = Figure.None(
        "crashes, hangs, and inputs that take more memory than they should",
        string.Create(CultureInfo.InvariantCulture, $"{Cases.At(scale):N0} inputs for each of HandshakeFuzzTests, and every split of a line; the coverage of the parser is not measured"));

    public override string Id => "G12";

    public override string Name => "whatever stands in place of a handshake is harmless";

    public override Amount Runs => new(1, 1, 1);

    public override IReadOnlyList<Figure> Figures => [_failed];

    public override bool IsMissing => Source is not null && !File.Exists(Source);

    public override string? Obstacle => Source is null ? "the repository is not here" : IsMissing ? "there are no such tests" : null;

    public override TimeSpan RunLimit => TimeSpan.FromHours(2);

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var cases = Cases.At(stage.Scale).ToString(CultureInfo.InvariantCulture);
        var (passed, output) = await TestProgram.RunAsync(Programs.HostTests, ["-class", Tests], [new("PLUGWIRE_FUZZ_CASES", cases)], cancellationToken);
        _failed.AddEach(passed ? [] : [output]);
    }
}
