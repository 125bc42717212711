using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Hosting.Tests.Launching;

/// <summary>What a sweep makes of a process whose environment it cannot see; lines as proc(5) describes them.</summary>
public sealed class ProcessTableTests
{
    private const string BeforeFlags = "S 1 1 1 0 -1";
    private const string UpToMemory = "98 0 0 0 0 0 0 0 20 0 1 0 565513 3133440 360 18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0";

    [Fact]
    public void ShowsExec_EnvironmentNotThereYet_IsTrue() =>
        Assert.True(ProcessTable.ShowsExec($"7 (setsid) {BeforeFlags} 4194304 {UpToMemory} 4 5 6 0 0 0 0 0"));

    [Fact]
    public void ShowsExec_StartedWithAnEmptyEnvironment_IsFalse() =>
        Assert.False(ProcessTable.ShowsExec($"7 (sleep) {BeforeFlags} 4194304 {UpToMemory} 4 5 6 7 8 9 9 0"));

    [Fact]
    public void ShowsExec_NameLooksLikeTheLine_IsReadFromItsEnd() =>
        Assert.True(ProcessTable.ShowsExec($"7 (a) Z 1 (b) {BeforeFlags} 4194304 {UpToMemory} 4 5 6 0 0 0 0 0"));

    [Fact]
    public void ShowsExec_KernelThread_IsFalse() =>
        Assert.False(ProcessTable.ShowsExec($"2 (kthreadd) {BeforeFlags} 2129984 {UpToMemory} 0 0 0 0 0 0 0 0"));

    [Theory]
    [InlineData("Z")]
    [InlineData("X")]
    public void ShowsExec_Ended_IsFalse(string state) =>
        Assert.False(ProcessTable.ShowsExec($"7 (sleep) {state} 1 1 1 0 -1 4194304 {UpToMemory} 0 0 0 0 0 0 0 0"));

    [Theory]
    [InlineData("")]
    [InlineData("7 (sleep")]
    [InlineData("7 (sleep) S 1 2 3")]
    public void ShowsExec_LineIsCut_IsFalse(string stat) => Assert.False(ProcessTable.ShowsExec(stat));
}
