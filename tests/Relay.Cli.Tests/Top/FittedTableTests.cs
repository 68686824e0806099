using Google.Protobuf.WellKnownTypes;
using Relay.Cli.Top;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Tests.Top;

/// <summary>What of the table is shown in a width.</summary>
public sealed class FittedTableTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(200, "requests success avg p95 ttft tok/s cost errors active breaker", "open (failures in a row) 3s")]
    [InlineData(123, "requests success avg p95 ttft tok/s cost errors active breaker", "open (failures in a row) 3s")]
    [InlineData(122, "requests success avg p95 ttft tok/s cost active breaker", "open (failures in a row) 3s")]
    [InlineData(110, "requests success avg p95 ttft tok/s cost breaker", "open (failures in a row) 3s")]
    [InlineData(100, "requests success avg p95 ttft tok/s cost breaker", "open 3s")]
    [InlineData(83, "requests success p95 ttft tok/s cost breaker", "open 3s")]
    [InlineData(76, "requests success p95 ttft cost breaker", "open 3s")]
    [InlineData(66, "requests success p95 breaker", "open 3s")]
    [InlineData(56, "requests success breaker", "open 3s")]
    [InlineData(48, "requests success", "50.0%")]
    [InlineData(36, "requests", "4")]
    [InlineData(18, "requests", "4")]
    [InlineData(10, "", "  openai/…")]
    [InlineData(3, "", "  …")]
    public void Narrower_LeavesOutTheLeastImportant(int width, string heads, string last)
    {
        var table = FittedTable.Of(Rows(), Now, width);

        Assert.Equal(heads, string.Join(' ', table.Columns.Select(column => column.Header)));
        Assert.Equal(last, heads.Length == 0 ? FittedTable.Fit(table.Rows[2].Name, table.NameWidth, isLeft: true) : table.Cells[2][^1].Text);
        Assert.InRange(table.NameWidth + table.Widths.Sum(column => column + FittedTable.Gap), 1, width);
    }

    [Theory]
    [InlineData(BreakerState.Open, BreakerForce.Unspecified, "open (failures in a row) 3s", nameof(Tone.Bad))]
    [InlineData(BreakerState.Open, BreakerForce.Open, "open (held open by hand)", nameof(Tone.Bad))]
    [InlineData(BreakerState.Closed, BreakerForce.Closed, "closed (held closed by hand)", nameof(Tone.Good))]
    [InlineData(BreakerState.Closed, BreakerForce.Unspecified, "closed", nameof(Tone.Good))]
    [InlineData(BreakerState.HalfOpen, BreakerForce.Unspecified, "half-open (failures in a row)", nameof(Tone.Warning))]
    [InlineData(BreakerState.Ramping, BreakerForce.Unspecified, "ramping", nameof(Tone.Warning))]
    public void Breaker_SaysStateReasonAndHold(BreakerState state, BreakerForce force, string text, string tone)
    {
        var cell = BreakerCell.Of(Rows(state, force)[2], Now, withReason: true);
        Assert.Equal((text, tone), (cell.Text, cell.Tone.ToString()));
    }

    [Fact]
    public void UnpricedAnswers_AreAPlusBehindTheCost()
    {
        var cost = Column.All.Single(column => column.Sort == SortBy.Cost);
        Assert.Equal("$2.00+", cost.Of(new(RowId.All, new() { CostNanoUsd = 2_000_000_000, Unpriced = 1 }, []), Now).Text);
        Assert.Equal("-", cost.Of(new(RowId.All, new() { Unpriced = 1 }, []), Now).Text);
        Assert.Equal("$2.00", cost.Of(new(RowId.All, new() { CostNanoUsd = 2_000_000_000 }, []), Now).Text);
    }

    private static Row[] Rows(BreakerState state = BreakerState.Open, BreakerForce force = BreakerForce.Unspecified)
    {
        var figures = new Figures { Count = 4, SuccessRate = 0.5, LatencyMs = new() { Avg = 1_500, P95 = 2_500 }, FirstTokenMs = new() { P50 = 300 }, TokensPerSecond = new() { P50 = 45 }, CostNanoUsd = 1_230_000_000 };
        var breaker = new Breaker { State = state, Reason = "consecutive_failures", Force = force, OpenUntil = state == BreakerState.Open ? Timestamp.FromDateTime(Now.AddSeconds(3)) : null };
        var model = new ModelFigures { Model = "chat", Requests = figures, Targets = { new TargetFigures { Target = "openai/gpt-4.1-2025-04-14", Attempts = figures, Breaker = breaker } } };
        return Row.Of(new ListModelsResponse { Total = figures, Models = { model } }, SortBy.Requests, isReversed: false, only: null);
    }
}
