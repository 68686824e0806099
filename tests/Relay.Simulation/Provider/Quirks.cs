namespace Relay.Simulation.Provider;

/// <summary>What a provider does with an answer so far that it is to go on with.</summary>
internal enum Continuing : byte
{
    /// <summary>Goes on where it ends.</summary>
    GoesOn,

    /// <summary>Answers in full, from the start.</summary>
    StartsAgain,

    /// <summary>400 for a trailing assistant message; asked in words it goes on.</summary>
    RefusesPrefill,

    /// <summary>Says the last words again, then goes on.</summary>
    Overlaps,
}

/// <summary>How one provider writes its answers: all of it is allowed, and servers differ in it.</summary>
/// <param name="LineEnd">Line ends of the event stream.</param>
/// <param name="PieceLength">Characters of a chunk.</param>
/// <param name="EscapesAll">Writes all but ASCII as escapes.</param>
/// <param name="RoleApart">The role comes in a chunk of its own.</param>
/// <param name="Comments">Sends comments between.</param>
/// <param name="UsageWithFinish">The usage comes with the finish_reason, not in a chunk of its own.</param>
/// <param name="FinishWithText">The finish_reason comes with the last text.</param>
/// <param name="Obfuscates">Each chunk has a field of random length.</param>
/// <param name="Continuing">What it does with an answer so far.</param>
/// <param name="FirstToken">Seconds to its first token, on average.</param>
/// <param name="Gap">Seconds between tokens, on average.</param>
internal sealed record Quirks(
    string LineEnd,
    int PieceLength,
    bool EscapesAll,
    bool RoleApart,
    bool Comments,
    bool UsageWithFinish,
    bool FinishWithText,
    bool Obfuscates,
    Continuing Continuing,
    double FirstToken,
    double Gap)
{
    /// <summary>Draws them.</summary>
    public static Quirks Draw(Rng rng) => new(
        rng.Pick("\n", "\n", "\n", "\r\n", "\r"),
        rng.Between(1, 24),
        rng.Chance(0.3),
        rng.Chance(0.6),
        rng.Chance(0.2),
        rng.Chance(0.2),
        rng.Chance(0.2),
        rng.Chance(0.2),
        rng.Pick(Continuing.GoesOn, Continuing.GoesOn, Continuing.StartsAgain, Continuing.RefusesPrefill, Continuing.Overlaps),
        rng.Pick(0, 0.05, 0.3, 1),
        rng.Pick(0, 0.005, 0.03, 0.2));
}
