using Relay.Gateway.Routing;

namespace Relay.Gateway.Recording;

/// <summary>A model's meter and its name.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Meter">Its requests as clients see them.</param>
internal readonly record struct ModelMeter(string Name, MeterShards Meter);

/// <summary>All that is counted in at the moment, each name once: what the tables in force and in draining hold. Immutable.</summary>
/// <param name="Targets">Targets; of two states of one name the newer, which counts in the same shards.</param>
/// <param name="Models">Models.</param>
internal sealed record MeterList(TargetState[] Targets, ModelMeter[] Models)
{
    /// <summary>The list of tables.</summary>
    /// <param name="tables">Newest first.</param>
    public static MeterList Of(IReadOnlyList<RoutingTable> tables) => new(
        [.. tables.SelectMany(t => t.States.Values).DistinctBy(s => s.Name)],
        [.. tables.SelectMany(t => t.Models.Values).DistinctBy(m => m.Name).Select(m => new ModelMeter(m.Name, m.Meter))]);
}
