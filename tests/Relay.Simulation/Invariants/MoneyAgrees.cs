using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Silo.Grains;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>Money is counted once and right.</summary>
internal sealed class MoneyAgrees(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "An attempt's cost is its tokens at its target's price, and null without one; tokens that were reported are those; a client pays for the attempts that its answer is made of and for no other; the costs of all records add up to the grains'.";

    /// <inheritdoc/>
    public override void Records(Book book, RequestRecord record)
    {
        for (var i = 0; i < record.Attempts.Count && i < book.Attempts.Count; i++)
        {
            var (recorded, seen) = (record.Attempts[i], book.Attempts[i]);
            Must(recorded.Cost == CostOf(seen.Target, recorded.Usage), $"attempt {i + 1} cost {recorded.Cost}, its tokens say {CostOf(seen.Target, recorded.Usage)}", book);
            if (recorded.Usage is { Estimated: false } usage && seen.ReportedTokens is { } tokens)
            {
                Must(usage.TotalOutput == tokens && usage.TotalInput == ChunkWriter.PromptTokens(seen.Asked!), $"attempt {i + 1} used {usage.Total} tokens, the provider reported others", book);
            }
        }

        var billed = record.Attempts.Where((a, i) => i < book.Attempts.Count && GaveSomething(book, i, a)).ToArray();
        Must(billed.SequenceEqual(record.Attempts.Where(a => a.Billed)), "other attempts are billed than the answer is made of", book);
        var used = billed.Where(a => a.Usage is not null).ToArray();
        NanoUsd? cost = used.Length == 0 || used.Any(a => a.Cost is null) ? null : new NanoUsd(used.Sum(a => a.Cost!.Value.Nanos));
        Must(record.Cost == cost, $"the record costs {record.Cost}, what it is made of {cost}", book);
        Must((record.Usage?.Total ?? 0) == used.Sum(a => a.Usage!.Value.Total), $"the record has {record.Usage?.Total} tokens", book);
    }

    /// <inheritdoc/>
    public override void GatewaysAreStopped()
    {
        var records = World.Referee.Books.SelectMany(b => b.Records).ToArray();
        var ofTargets = World.Plan.Targets.Sum(t => World.StatsOfTarget(t.Name).Counts[Counters.CostNanoUsd]);
        var ofModels = World.Plan.Config.Models.Keys.Sum(m => World.StatsOfModel(m).Counts[Counters.CostNanoUsd]);
        var ofAttempts = records.SelectMany(r => r.Attempts).Sum(a => a.Cost?.Nanos ?? 0);
        var ofRecords = records.Sum(r => r.Cost?.Nanos ?? 0);
        Must(ofTargets == ofAttempts, $"the targets' grains say {ofTargets} nano-USD, the attempts {ofAttempts}");
        Must(ofModels == ofRecords, $"the models' grains say {ofModels} nano-USD, the records {ofRecords}");
    }

    /// <summary>The client got something of it: of a stream, bytes; of a plain answer, all of it, once it is recorded.</summary>
    private static bool GaveSomething(Book book, int attempt, in AttemptRecord record)
    {
        var after = attempt + 1 < book.Attempts.Count ? book.Attempts[attempt + 1].BytesBefore : book.Client.Bytes.Length;
        return after > book.Attempts[attempt].BytesBefore || (!record.Streamed && record.Error == ErrorKind.None);
    }

    private static NanoUsd? CostOf(SimTarget target, Usage? usage) => target.Price is not { } price || usage is not { } used
        ? null
        : new NanoUsd((long)decimal.Round(((used.TotalInput * price.Rates.Input) + (used.TotalOutput * price.Rates.Output)) * 1000, MidpointRounding.ToEven));
}
