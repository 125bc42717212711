using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Habits;

public sealed class SourceHabitsTests
{
    [Fact]
    public void Sources_AsTheyAre_KeepTheHabits()
    {
        var sources = RepositoryTree.Sources().ToArray();
        Assert.NotEmpty(sources);

        Rule.Holds(sources.SelectMany(SourceHabits.Violations));
    }

    [Theory]
    [MemberData(nameof(ProductProject.Names), MemberType = typeof(ProductProject))]
    public void Product_AsItIs_HasNoAsyncVoidLambda(string assemblyName)
    {
        Rule.Holds(SourceHabits.AsyncVoidLambdas(ProjectCompilation.Of(ProductProject.Named(assemblyName))));
    }

    [Theory]
    [InlineData("class C\n{\n    async void Start() => await System.Threading.Tasks.Task.Yield();\n}", "f.cs:3: async void Start")]
    [InlineData("class C { void M() { async void Local() { } } }", "f.cs:1: async void Local")]
    [InlineData("\n#pragma warning disable CA2000\nclass C;", "f.cs:2: #pragma warning disable without a reason")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"b\")] class C;", "f.cs:1: SuppressMessage without a Justification")]
    public void Source_WithABadHabit_IsNamedWithItsPlace(string text, string expected)
    {
        Assert.StartsWith(expected, Assert.Single(SourceHabits.Violations(new SourceFile("f.cs", text))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#pragma warning disable CA2000 // the connection owns it from here on\nclass C;\n#pragma warning restore CA2000")]
    [InlineData("[SuppressMessage(\"a\", \"b\", Justification = \"why\")] class C { async System.Threading.Tasks.Task M() { } void N() { } }")]
    public void Source_WithGoodHabits_IsFine(string text)
    {
        Rule.Holds(SourceHabits.Violations(new SourceFile("f.cs", text)));
    }

    [Fact]
    public void AsyncLambda_AsAction_IsNamedAndAsFuncIsFine()
    {
        const string Source = """
            class C
            {
                void Run(Func<Task> run) => Run(async () => await Task.Yield());
                void Post(Action post) => Post(async () => await Task.Yield());
            }
            """;

        Assert.StartsWith(
            "f.cs:4: an async lambda as Action",
            Assert.Single(SourceHabits.AsyncVoidLambdas(ProjectCompilation.Of([new SourceFile("f.cs", Source)]))),
            StringComparison.Ordinal);
    }
}
