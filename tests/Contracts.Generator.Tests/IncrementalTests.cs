using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Generator.Tests;

public sealed class IncrementalTests
{
    private static readonly string[] Steps = [GeneratorSteps.Readings, GeneratorSteps.Services, GeneratorSteps.Names, GeneratorSteps.Contracts];

    [Theory]
    [InlineData("class C;", "class C { int field; }")]
    [InlineData("namespace Zoo.Kinds; class C { void M() { } }", "namespace Zoo.Kinds; class C { void M() { var x = 1 + 1; } }")]
    public void Edit_OfAnotherFile_GeneratesNothingAgain(string before, string after)
    {
        var run = GeneratorRun.Over(("KindsGrpc.cs", GeneratorRun.Fixture("Kinds")), ("Mine.cs", before));

        run.Edit("Mine.cs", after);

        Assert.All(Steps, step =>
        {
            Assert.NotEmpty(run.Reasons(step));
            Assert.All(run.Reasons(step), IsNotNew);
        });
        Assert.NotEmpty(run.OutputReasons());
        Assert.All(run.OutputReasons(), IsNotNew);
    }

    [Fact]
    public void Edit_ThatAddsAFile_GeneratesNothingAgain()
    {
        var run = GeneratorRun.OverFixture("Kinds");

        run.Edit("Mine.cs", "namespace Mine; interface IMine;");

        Assert.All(run.OutputReasons(), IsNotNew);
    }

    [Fact]
    public void Edit_OfWhatNoContractSays_GeneratesNothingAgain()
    {
        var kinds = GeneratorRun.Fixture("Kinds");
        var run = GeneratorRun.Over(("KindsGrpc.cs", kinds));

        run.Edit("KindsGrpc.cs", kinds.Replace("#region Designer generated code", "#region Another name", StringComparison.Ordinal));

        Assert.All(run.Reasons(GeneratorSteps.Contracts), IsNotNew);
        Assert.All(run.OutputReasons(), IsNotNew);
    }

    [Fact]
    public void Edit_OfOneService_GeneratesThatOneAgain()
    {
        var kinds = GeneratorRun.Fixture("Kinds");
        var run = GeneratorRun.Over(("KindsGrpc.cs", kinds), ("SnakeGrpc.cs", GeneratorRun.Fixture("Snake")));
        var files = run.FileNames.ToArray();

        run.Edit("KindsGrpc.cs", kinds.Replace("A stream each way.", "Another comment.", StringComparison.Ordinal));

        Assert.Equal(files, run.FileNames);
        Assert.Equal(1, run.Reasons(GeneratorSteps.Contracts).Count(reason => reason == IncrementalStepRunReason.Modified));
        Assert.All(run.Reasons(GeneratorSteps.Contracts).Where(reason => reason != IncrementalStepRunReason.Modified), IsNotNew);
        Assert.Contains(run.FileNames, file => run.Text(file).Contains("Another comment.", StringComparison.Ordinal));
    }

    [Fact]
    public void Service_ThatComes_GeneratesNoOtherAgain()
    {
        var run = GeneratorRun.OverFixture("Kinds");
        var files = run.FileNames.ToArray();

        run.Edit("SnakeGrpc.cs", GeneratorRun.Fixture("Snake"));

        Assert.Equal(files.Length, run.Reasons(GeneratorSteps.Contracts).Count(reason => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    [Fact]
    public void Name_ThatIsTaken_GeneratesItsContractAloneAgain()
    {
        var run = GeneratorRun.Over(("KindsGrpc.cs", GeneratorRun.Fixture("Kinds")), ("SnakeGrpc.cs", GeneratorRun.Fixture("Snake")));

        run.Edit("Mine.cs", "namespace Zoo.Kinds { public enum IKinds { None } }");

        Assert.Equal(1, run.Reasons(GeneratorSteps.Contracts).Count(reason => reason == IncrementalStepRunReason.Modified));
        Assert.All(run.Reasons(GeneratorSteps.Contracts).Where(reason => reason != IncrementalStepRunReason.Modified), IsNotNew);
    }

    private static void IsNotNew(IncrementalStepRunReason reason) =>
        Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"The step ran again and was {reason}.");
}
