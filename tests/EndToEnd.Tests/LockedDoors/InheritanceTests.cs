using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>What a plugin has of its host: an environment of harmless variables, and three descriptors.</summary>
public sealed class InheritanceTests : PluginTest
{
    private const int ReadOnly = 0;
    private const int Planted = 50;
    private const int PlantedFiles = 10;

    [Fact]
    public async Task Plugin_OfAHostWithFiftySecretsAndTenOpenFiles_HasNoneOfThem()
    {
        for (var i = 0; i < Planted; i++)
            Environment.SetEnvironmentVariable($"E2E_PLANTED_{i}", $"planted-secret-{i}");
        using var secret = Installation.OfFile("secret", "planted-secret");
        var files = new List<SafeFileHandle>();
        try
        {
            // Without the mark that closes them in a child: as files of a library that does not know it.
            while (files.Count < PlantedFiles)
                files.Add(new SafeFileHandle(LibC.Open(secret.PathOf("secret"), ReadOnly), ownsHandle: true));
            Assert.DoesNotContain(files, file => file.IsInvalid);

            await using var plugin = await StartAsync(Faulty());
            var description = await plugin.CreateClient<Faults.FaultsClient>().DescribeAsync(new DescribeRequest()).ResponseAsync.Within();

            Assert.DoesNotContain("planted", string.Join('\n', description.Environment), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("planted", await File.ReadAllTextAsync($"/proc/{plugin.ProcessId}/environ", TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
            var open = new DirectoryInfo($"/proc/{plugin.ProcessId}/fd").EnumerateFileSystemInfos().Select(file => file.LinkTarget ?? "").ToArray();
            Assert.NotEmpty(open);
            Assert.DoesNotContain(secret.PathOf("secret"), open);
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
        }
    }
}
