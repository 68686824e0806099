using FsCheck;
using FsCheck.Fluent;

namespace Relay.Core.Tests.Breaker;

/// <summary>Runs a property; a failure prints the shrunk example and the seed that replays it.</summary>
internal static class Always
{
    public static void Holds<T>(Gen<T> cases, Action<T> holds, int runs = 200) =>
        Holds(cases.ToArbitrary(), holds, runs);

    public static void Holds<T>(Arbitrary<T> cases, Action<T> holds, int runs = 200) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), Prop.ForAll(cases, holds));
}
