using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

/// <summary>A plugin whose .NET is not there.</summary>
public sealed class RuntimeTests : PluginTest
{
    private const int NoRuntimeFound = 131;
    private const int NoSuchVersion = 150;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("e2e-runtime-");

    public override ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    [Trait("Fault", "F02")]
    public async Task Runtime_ThatIsNotThere_IsSaidInTheRuntimesOwnWords()
    {
        var options = Faulty();
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("DOTNET_ROOT", StringComparison.Ordinal)))
            options.Environment[name] = null;
        options.Environment["DOTNET_ROOT"] = _directory.FullName;

        AssertSaid(await RefusedAsync(options), NoRuntimeFound);
    }

    [Fact]
    [Trait("Fault", "F02")]
    public async Task Runtime_OfAVersionThatIsNotThere_IsSaidInTheRuntimesOwnWords()
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(TestPrograms.Faulty)!))
            File.Copy(file, Path.Combine(_directory.FullName, Path.GetFileName(file)));
        var program = Path.Combine(_directory.FullName, Path.GetFileName(TestPrograms.Faulty));
        await File.WriteAllTextAsync(
            program + ".runtimeconfig.json",
            """{ "runtimeOptions": { "tfm": "net99.0", "framework": { "name": "Microsoft.NETCore.App", "version": "99.0.0" } } }""",
            TestContext.Current.CancellationToken);

        AssertSaid(await RefusedAsync(Options(program)), NoSuchVersion);
    }

    private void AssertSaid(PluginStartException failure, int code)
    {
        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.ExitedEarly, code), (failure.Stage, failure.Reason, failure.ExitCode));
        Assert.Contains("You must install", failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.Contains("You must install", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }
}
