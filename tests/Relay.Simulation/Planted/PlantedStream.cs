using Relay.Simulation.Provider;

namespace Relay.Simulation.Planted;

/// <summary>Bugs in what is read of an answer, planted where the bytes come in.</summary>
internal static class PlantedStream
{
    /// <summary>The body as a gateway with that bug would take it.</summary>
    public static Script Of(Script script, PlantedBug bug, Rng rng)
    {
        if (bug is not (PlantedBug.RepeatsPiece or PlantedBug.LosesPiece) || script.Parts.Count < 6 || !rng.Chance(0.2))
        {
            return script;
        }

        // One from the middle: a piece of text, as a rule.
        var at = script.Parts.Count / 2;
        return script.Without(at, again: bug == PlantedBug.RepeatsPiece);
    }
}
