using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Plugwire.Wire.Tests.Http2;

/// <summary>Properties over random histories that are the same in every run, so that a failure comes again.</summary>
internal static class Replayed
{
    private static readonly FSharpOption<Replay> Seed = new(new Replay(new Rnd(9113), FSharpOption<int>.None));

    /// <summary>Runs a check that throws over histories of steps; one that fails is shortened first.</summary>
    public static void ForAllHistories<T>(Gen<T> step, Action<T[]> check, int count = 2000)
    {
        var property = Prop.ForAll(step.ToArbitrary().Array(), check);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(Seed).WithQuietOnSuccess(true), property);
    }
}
