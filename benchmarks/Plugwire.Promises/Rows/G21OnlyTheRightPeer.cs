using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Rows;

/// <summary>Another user, and a process that the host has not started, where only the right one is served.</summary>
internal sealed class G21OnlyTheRightPeer : Promise
{
    private readonly Figure _failed = Figure.None("runs of the tests of PeerTests that fail", "another user on a socket that is open to all, ten times; a stranger's socket in place of the plugin's");

    public override string Id => "G21";

    public override string Name => "only the right peer is served";

    public override Amount Runs => new(1, 5, 50);

    public override IReadOnlyList<Figure> Figures => [_failed];

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "only the administrator may act as another user";

    public override async Task RunAsync(Stage stage, int run, CancellationToken cancellationToken)
    {
        var (passed, output) = await TestProgram.RunAsync(Programs.EndToEndTests, ["-class", "Plugwire.EndToEnd.Tests.LockedDoors.PeerTests"], [], cancellationToken);
        _failed.AddEach(passed ? [] : [output]);
    }
}
