using System.Runtime.CompilerServices;
using Plugwire.Shapes;
using Plugwire.Snapshots;

namespace Plugwire;

/// <summary>
/// Keeps a contract from being broken unseen: a text file in the sources says what it was when others were built with it, and a test compares. Safe for use by several threads, but for
/// one file at a time.
/// </summary>
/// <remarks>
/// <code>
/// [Fact]
/// public void Inspector_AsOthersKnowIt_IsNotBroken() => ContractSnapshot.Verify&lt;IInspector&gt;("inspector.contract.txt");
/// </code>
/// </remarks>
public static class ContractSnapshot
{
    /// <summary>The environment variable that, set to <c>1</c>, lets <see cref="Verify{TContract}"/> write a snapshot that is missing or to which something is only added: <c>PLUGWIRE_WRITE_SNAPSHOTS</c>.</summary>
    public const string WriteVariable = "PLUGWIRE_WRITE_SNAPSHOTS";

    /// <summary>The contract as the text that a snapshot holds: all that matters on the wire, the same text for the same contract.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public static string TextOf<TContract>()
        where TContract : class, IContract<TContract> =>
        SnapshotWriter.Write(TContract.Definition.ServiceName, DescriptorReader.Read(TContract.Definition.Descriptor.File));

    /// <summary>
    /// Compares the contract with its snapshot. What is only added breaks nobody, and still is to be written into the snapshot, which guards it from then on: run it once with
    /// <see cref="WriteVariable"/> set to <c>1</c>, and commit the file. A break is never written: who means it deletes the file first.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="path">The snapshot. A path that is not absolute begins in the directory of the source file that calls, or of the program where there are no sources.</param>
    /// <param name="sourceFile">The source file that calls; the compiler knows.</param>
    /// <exception cref="ContractChangedException">The contract is another; the message has a table of what breaks, or says what to write.</exception>
    /// <exception cref="FileNotFoundException">There is no snapshot, and none was to be written; the message says how it is.</exception>
    /// <exception cref="FormatException">The file is no snapshot of this contract; the message says in which line.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static void Verify<TContract>(string path, [CallerFilePath] string sourceFile = "")
        where TContract : class, IContract<TContract>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(sourceFile);
        SnapshotFile.Verify(
            SnapshotPath.Resolve(path, sourceFile),
            TContract.Definition.ServiceName,
            DescriptorReader.Read(TContract.Definition.Descriptor.File),
            mayWrite: Environment.GetEnvironmentVariable(WriteVariable) == "1");
    }
}
