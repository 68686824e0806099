using Relay.Gateway.Routing;

namespace Relay.Gateway.Recording;

/// <summary>A model's meter and its name.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Meter">Its requests as clients see them.</param>
internal readonly record struct ModelMeter(string Name, MeterShards Meter);

/// <summary>Where things are counted, each name once. Immutable.</summary>
/// <param name="Targets">Targets; of two states of one name the newer, which counts in the same shards.</param>
/// <param name="Models">Models.</param>
internal sealed record MeterList(TargetState[] Targets, ModelMeter[] Models)
{
    /// <summary>Nothing.</summary>
    public static MeterList Empty { get; } = new([], []);

    /// <summary>What requests can still count in: that of the tables in force and in draining.</summary>
    /// <param name="tables">Newest first.</param>
    public static MeterList Of(IReadOnlyList<RoutingTable> tables) => new(
        [.. tables.SelectMany(t => t.States.Values).DistinctBy(s => s.Name)],
        [.. tables.SelectMany(t => t.Models.Values).DistinctBy(m => m.Name).Select(m => new ModelMeter(m.Name, m.Meter))]);

    /// <summary>What is here and not there.</summary>
    public MeterList Without(MeterList other) => new(
        [.. Targets.ExceptBy(other.Targets.Select(t => t.Meter), t => t.Meter)],
        [.. Models.ExceptBy(other.Models.Select(m => m.Meter), m => m.Meter)]);

    /// <summary>What is in either.</summary>
    public MeterList With(MeterList other) => new([.. Targets, .. other.Targets], [.. Models, .. other.Models]);
}

/// <summary>What there is to flush.</summary>
/// <param name="Live">What requests can still count in.</param>
/// <param name="Gone">What nobody counts in any more since the last look: one last flush each.</param>
internal readonly record struct MetersToFlush(MeterList Live, MeterList Gone);
