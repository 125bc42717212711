using Plugwire.Contracts.Tests.Checking;
using Plugwire.Snapshots;

namespace Plugwire.Contracts.Tests.Snapshots;

public sealed class ContractSnapshotTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("snapshot-");

    private string File => Path.Combine(_directory.FullName, "s.contract.txt");

    public void Dispose() => _directory.Delete(recursive: true);

    // The file lies beside this one.
    [Fact]
    public void Verify_OfAContractAsItWas_IsFine() => ContractSnapshot.Verify<IZoo>("zoo.contract.txt");

    [Fact]
    public void TextOf_AContract_IsWhatTheSnapshotHolds() =>
        Assert.Equal(System.IO.File.ReadAllText(SnapshotPath.Resolve("zoo.contract.txt", ThisFile())).ReplaceLineEndings("\n"), ContractSnapshot.TextOf<IZoo>());

    [Fact]
    public void Verify_WithoutAFile_FailsAndSaysHowToWriteIt()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => ContractSnapshot.Verify<IZoo>(File));

        Assert.Equal(File, failure.FileName);
        Assert.Contains($"There is no snapshot of the contract plugwire.tests.zoo.v1.Zoo at '{File}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("set the environment variable PLUGWIRE_WRITE_SNAPSHOTS to 1", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_directory.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Verify_WithoutAFileAndToldToWrite_WritesWhatItThenAccepts()
    {
        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: true);

        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: false);
        Assert.Contains("  int32 a = 1;\n", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Verify_OfABrokenContract_FailsWithTheTableAndNeverWrites(bool mayWrite)
    {
        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: true);
        var before = System.IO.File.ReadAllText(File);

        var failure = Assert.Throws<ContractChangedException>(() => SnapshotFile.Verify(File, "t.S", TestContract.Of("string a = 1").Shape, mayWrite));

        Assert.Equal([new("CONTRACT007", "t.Request.a", "int32 a = 1", "string a = 1")], failure.Differences);
        Assert.Contains("CONTRACT007  t.Request.a  int32 a = 1  string a = 1\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("rule         where        snapshot     now\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{File}'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Verify_OfAContractThatHasOnlyGrown_AsksToWriteItAndThenIsFine()
    {
        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: true);
        var grown = TestContract.Of("int32 a = 1; string b = 2").Shape;

        var failure = Assert.Throws<ContractChangedException>(() => SnapshotFile.Verify(File, "t.S", grown, mayWrite: false));
        Assert.Empty(failure.Differences);
        Assert.Contains("Nothing breaks", failure.Message, StringComparison.Ordinal);

        SnapshotFile.Verify(File, "t.S", grown, mayWrite: true);
        SnapshotFile.Verify(File, "t.S", grown, mayWrite: false);
    }

    [Fact]
    public void Verify_OfAFieldInTheReservedPlaceOfAnother_IsBroken()
    {
        var old = TestContract.Of("int32 a = 1");
        old.Message("Request").ReservedRange.Add(new Google.Protobuf.Reflection.DescriptorProto.Types.ReservedRange { Start = 2, End = 3 });
        SnapshotFile.Verify(File, "t.S", old.Shape, mayWrite: true);

        var failure = Assert.Throws<ContractChangedException>(() => SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1; int32 b = 2").Shape, mayWrite: true));

        Assert.Equal([new("CONTRACT012", "t.Request.b", "reserved", "int32 b = 2")], failure.Differences);
    }

    [Fact]
    public void Verify_WithOtherLineEndsAndComments_IsFine()
    {
        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: true);
        System.IO.File.WriteAllText(File, "// Ours.\r\n" + System.IO.File.ReadAllText(File).Replace("\n", "\r\n", StringComparison.Ordinal));

        SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: false);
    }

    [Theory]
    [InlineData("", "it has no service t.S.")]
    [InlineData("service t.S {\n  rpc M(t.A) returns (t.A);\n}", "the message t.A is used, but not described.")]
    [InlineData("<<<<<<< HEAD", "line 1: expected 'service', 'message' or 'enum', found '<'.")]
    public void Verify_WithAnotherFile_SaysWhatIsWrongWithIt(string text, string expected)
    {
        System.IO.File.WriteAllText(File, text);

        var failure = Assert.Throws<FormatException>(() => SnapshotFile.Verify(File, "t.S", TestContract.Of("int32 a = 1").Shape, mayWrite: true));

        Assert.StartsWith($"'{File}' is no snapshot of the contract t.S: {expected}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_RelativePath_BeginsBesideTheSourcesOrBesideTheProgram()
    {
        Assert.Equal(File, SnapshotPath.Resolve("s.contract.txt", Path.Combine(_directory.FullName, "Tests.cs")));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "s.contract.txt"), SnapshotPath.Resolve("s.contract.txt", "/_/nowhere/Tests.cs"));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "s.contract.txt"), SnapshotPath.Resolve("s.contract.txt", ""));
        Assert.Equal(File, SnapshotPath.Resolve(File, "/_/nowhere/Tests.cs"));
    }

    private static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
