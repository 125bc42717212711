using Plugwire.Promises.Measuring;
using Plugwire.Promises.Scaling;

namespace Plugwire.Promises.Rows;

/// <summary>The rows of the table, in their order.</summary>
internal static class AllPromises
{
    /// <summary>New ones, without a sample.</summary>
    public static IReadOnlyList<Promise> Create(Scale scale) =>
    [
        new G01HostKilled(),
        new G01HostKilledUnnoticed(),
        new G02ThreadEnded(),
        new G03StopIsBounded(),
        new G04StopIsFast(),
        new G05NothingLeft(),
        new G06DescendantsEnd(),
        new G07ExitIsNoticed(),
        new G08HangIsDetected(),
        new G09CallsFailQuickly(),
        new G10CrashSaysWhy(),
        new G11EarlyExit(),
        new G12AnyHandshake(scale),
        new G13FloodIsHarmless(),
        new G14SinkIsHarmless(),
        new G15StallsNobody(),
        new G16IdleStreamsLive(),
        new G17SupervisionGoesOn(),
        new G18LimitsOfPlugin(),
        new G18LimitsOfHost(),
        new G19NeighboursAreUnhurt(),
        new G20OverloadOfPlugin(),
        new G20OverloadOfHost(),
        new G21OnlyTheRightPeer(),
        new G22NoOpenDoor(),
        new G23NoNetwork(),
        new G24LittleIsInherited(),
        new G25NoSecretShows(),
        new G27RestartsAsTheModel(scale),
        new G28StormIsContained(),
        new G29RecoveryIsFast(),
        new UnmeasuredPromise("G29", "recovery is fast (a native plugin)", "≤ 150 ms", "takes a program that the native compiler has made, which the build does not", isMissing: false),
        new G31RacesAreSafe(),
        new G31RacesOfTheSupervisor(scale),
        new G32CancelOfStart(),
        new G33DeadlineIsKept(),
        new G35ManyAtOnce(scale),
        new G36FaultsAreMapped(),
        new G37ErrorsSayWhatToDo(),
        new G40HardenedProfile(),
    ];
}
