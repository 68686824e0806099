using FsCheck;
using FsCheck.Fluent;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Checks an assertion on many random cases; a failure prints the case and the seed that replays it.</summary>
internal static class Invariant
{
    public static void Holds<T>(Gen<T> cases, Action<T> assert, int tests = 400) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(cases.ToArbitrary(), assert));
}
