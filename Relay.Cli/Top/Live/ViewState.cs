using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Top.Live;

/// <summary>What the one who looks has chosen.</summary>
internal sealed record ViewState
{
    /// <summary>The span of the figures.</summary>
    public required Window Window { get; init; }

    /// <summary>What the models are sorted by.</summary>
    public required SortBy Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool IsReversed { get; init; }

    /// <summary>The row that is selected.</summary>
    public RowId Selected { get; init; } = RowId.All;

    /// <summary>The row whose details are shown; null: the table is.</summary>
    public RowId? Detail { get; init; }

    /// <summary>The first line of the details, or the first row below the total, that is shown.</summary>
    public int Scroll { get; init; }

    /// <summary>The one who looks has left.</summary>
    public bool IsOver { get; init; }
}
