using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Top.Table;

/// <summary>What a row is about, whatever its place: all models, a model, or a target below a model.</summary>
/// <param name="Model">The model's name; empty for all.</param>
/// <param name="Target">The target's name; empty for a model.</param>
internal sealed record RowId(string Model, string Target)
{
    /// <summary>All models together.</summary>
    public static RowId All { get; } = new("", "");
}

/// <summary>A row of the table.</summary>
/// <param name="Id">What it is about.</param>
/// <param name="Figures">Requests of models, attempts of targets.</param>
/// <param name="Breakers">The breakers behind it: a target's own, a model's targets'; null for one that is not known.</param>
internal sealed record Row(RowId Id, Figures Figures, IReadOnlyList<Breaker?> Breakers)
{
    /// <summary>All models together.</summary>
    public bool IsTotal => Id.Model.Length == 0;

    /// <summary>A target.</summary>
    public bool IsTarget => Id.Target.Length > 0;

    /// <summary>Its name, as it is shown.</summary>
    public string Name => IsTotal ? "all models" : IsTarget ? $"  {Printable.Text(Id.Target)}" : Printable.Text(Id.Model);

    /// <summary>The rows: all models together, then each model with its targets below it.</summary>
    /// <param name="stats">The figures.</param>
    /// <param name="sort">What the models are sorted by.</param>
    /// <param name="isReversed">The other way round.</param>
    /// <param name="only">Only this model; null: all.</param>
    public static Row[] Of(ListModelsResponse stats, SortBy sort, bool isReversed, string? only)
    {
        var rows = new List<Row> { new(RowId.All, stats.Total, Distinct(stats.Models)) };
        foreach (var model in Sorting.Apply(stats.Models.Where(model => only is null || model.Model == only), sort, isReversed))
        {
            rows.Add(new(new(model.Model, ""), model.Requests, [.. model.Targets.Select(target => target.Breaker)]));
            rows.AddRange(model.Targets.Select(target => new Row(new(model.Model, target.Target), target.Attempts, [target.Breaker])));
        }

        return [.. rows];
    }

    /// <summary>A target that several models share has one breaker.</summary>
    private static IReadOnlyList<Breaker?> Distinct(IEnumerable<ModelFigures> models) =>
        [.. models.SelectMany(model => model.Targets).DistinctBy(target => target.Target, StringComparer.Ordinal).Select(target => target.Breaker)];
}
