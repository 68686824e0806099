using Relay.Simulation.Invariants;

namespace Relay.Simulation.Planted;

/// <summary>What must find each planted bug.</summary>
internal static class PlantedBugs
{
    /// <summary>So many seeds at most, from the first on, until a planted bug is found.</summary>
    public const int WithinSeeds = 100;

    /// <summary>The bugs and the name of the invariant that must not hold with them. <see cref="PlantedBug.IsNotDetermined"/> breaks none: it changes the hash.</summary>
    public static IReadOnlyDictionary<PlantedBug, string> FoundBy { get; } = new Dictionary<PlantedBug, string>
    {
        [PlantedBug.IgnoresFinishReason] = nameof(AnswersAreTrue),
        [PlantedBug.RecordsTwice] = nameof(OneRecord),
        [PlantedBug.ForgetsRecord] = nameof(OneRecord),
        [PlantedBug.KeepsProbeLease] = nameof(ProbesWithinLeases),
        [PlantedBug.LetsEverybodyProbe] = nameof(ProbesWithinLeases),
        [PlantedBug.NeverProbes] = nameof(TrafficComesBack),
        [PlantedBug.IgnoresRetryBudget] = nameof(RetryBudgetHolds),
        [PlantedBug.IgnoresRetryAfter] = nameof(RetryAfterObeyed),
        [PlantedBug.AttemptsAfterCommit] = nameof(NothingAfterCommit),
        [PlantedBug.RescuesOtherText] = nameof(NothingAfterCommit),
        [PlantedBug.ForgetsTarget] = nameof(EveryTargetIsTried),
        [PlantedBug.RetriesInside] = nameof(AttemptsBounded),
        [PlantedBug.LosesDelta] = nameof(FiguresAgree),
        [PlantedBug.CountsDeltaTwice] = nameof(FiguresAgree),
        [PlantedBug.LeaksCounter] = nameof(EverythingIsGivenBack),
        [PlantedBug.LeaksConnection] = nameof(EverythingIsGivenBack),
        [PlantedBug.WrongCost] = nameof(MoneyAgrees),
        [PlantedBug.OutlastsTotal] = nameof(LimitsEndRequests),
        [PlantedBug.ForgetsClient] = nameof(EveryClientIsTold),
        [PlantedBug.RepeatsPiece] = nameof(AnswersAreTrue),
        [PlantedBug.LosesPiece] = nameof(AnswersAreTrue),
        [PlantedBug.SendsAnothersQuestion] = nameof(RequestsArriveAsMeant),
        [PlantedBug.RecordsOtherStatus] = nameof(RecordsAreTrue),
        [PlantedBug.Throws] = nameof(NothingBreaksInside),
    };

    /// <summary>The first seed, from 1, that finds a bug as it must be found; 0: none of them does.</summary>
    public static ulong FirstSeedThatFinds(PlantedBug bug)
    {
        for (var seed = 1UL; seed <= WithinSeeds; seed++)
        {
            if (SeedRunner.Run(seed, bug).Violations.Any(v => v.Invariant == FoundBy[bug]))
            {
                return seed;
            }
        }

        return 0;
    }
}
