using Plugwire.Checking;
using Plugwire.Shapes;

namespace Plugwire.Snapshots;

/// <summary>The file that a contract is compared with.</summary>
internal static class SnapshotFile
{
    private const string HowToWrite = $"set the environment variable {ContractSnapshot.WriteVariable} to 1, run the test once, and commit the file.";

    /// <exception cref="ContractChangedException">The contract is another than the file says.</exception>
    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="FormatException">The file is no snapshot of the contract.</exception>
    public static void Verify(string path, string serviceName, ContractShape now, bool mayWrite)
    {
        var text = SnapshotWriter.Write(serviceName, now);
        if (!File.Exists(path))
        {
            if (!mayWrite)
                throw new FileNotFoundException($"There is no snapshot of the contract {serviceName} at '{path}'. To make one, {HowToWrite}", path);

            File.WriteAllText(path, text);
            return;
        }

        var before = Read(path, serviceName);
        var comparison = ContractComparer.Compare(serviceName, before, now, hereIsOlder: true);
        if (comparison.Differences.Count > 0)
        {
            throw new ContractChangedException(
                $"The contract {serviceName} breaks hosts and plugins that were built with it as its snapshot '{path}' says.\n\n" +
                $"{ContractTable.Format(comparison.Differences, "snapshot", "now")}\n\n" +
                "What to do: take the change back, or make it in another way: add a field, a method or a service, and leave the old ones. " +
                $"If nobody is left who was built with the old contract, delete the snapshot, and to make a new one, {HowToWrite}",
                comparison.Differences);
        }

        // Not the bytes: another line end, or a comment that somebody added, is no change.
        if (SnapshotWriter.Write(serviceName, before) == text)
            return;
        if (!mayWrite)
        {
            throw new ContractChangedException(
                $"The contract {serviceName} has changed since its snapshot '{path}' was written. Nothing breaks, but what is new is not guarded yet. To guard it, {HowToWrite}", []);
        }

        File.WriteAllText(path, text);
    }

    private static ContractShape Read(string path, string serviceName)
    {
        try
        {
            var before = SnapshotReader.Read(File.ReadAllText(path));
            if (before.ServiceNamed(serviceName) is null)
                throw new FormatException($"it has no service {serviceName}.");

            return before.ReachableFrom(serviceName);
        }
        catch (Exception failure) when (failure is FormatException or BadContractException)
        {
            throw new FormatException($"'{path}' is no snapshot of the contract {serviceName}: {failure.Message} Take it from the version control again, or delete it, and to make a new one, {HowToWrite}", failure);
        }
    }
}
