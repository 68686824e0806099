using Google.Protobuf.WellKnownTypes;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Grpc;

/// <summary>Reports as the answers of stats.proto.</summary>
internal static class ReportsProto
{
    /// <summary>All models.</summary>
    public static V1.ListModelsResponse Models(StatsReport report) => new()
    {
        Window = Of(report.Window),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Total = FiguresProto.Of(report.Total),
        Models = { report.Models.Select(FiguresProto.Of) },
    };

    /// <summary>The one model of a report.</summary>
    public static V1.GetModelResponse Model(StatsReport report) => new()
    {
        Window = Of(report.Window),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Model = FiguresProto.Of(report.Models[0]),
    };

    /// <summary>All targets.</summary>
    public static V1.ListTargetsResponse Targets(TargetsReport report) => new()
    {
        Window = Of(report.Window),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Targets = { report.Targets.Select(FiguresProto.Of) },
    };

    /// <summary>The one target of a report.</summary>
    public static V1.GetTargetResponse Target(TargetsReport report) => new()
    {
        Window = Of(report.Window),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Target = FiguresProto.Of(report.Targets[0]),
    };

    /// <summary>A series.</summary>
    public static V1.Series Series(SeriesReport report) => new()
    {
        Metric = report.Metric.Name,
        Unit = report.Metric.Unit,
        Window = Of(report.Window),
        Step = Duration.FromTimeSpan(report.Step),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Points = { report.Points.Select(Point) },
    };

    /// <summary>A heat-map.</summary>
    public static V1.Heatmap Heatmap(HeatmapReport report) => new()
    {
        Metric = report.Metric.Name,
        Unit = report.Metric.Unit,
        Window = Of(report.Window),
        Step = Duration.FromTimeSpan(report.Step),
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Bounds = { report.Bounds.Select(bound => (double)bound) },
        Columns = { report.Columns.Select(Column) },
    };

    /// <summary>All breakers.</summary>
    public static V1.ListBreakersResponse Breakers(BreakersReport report) => new()
    {
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Breakers = { report.Breakers.Select(Of) },
    };

    /// <summary>The one breaker of a report.</summary>
    public static V1.SetBreakerResponse Breaker(BreakersReport report) => new() { Breaker = Of(report.Breakers[0]) };

    /// <summary>Failovers.</summary>
    public static V1.ListFailoversResponse Failovers(FailoversReport report) => new()
    {
        GeneratedAt = Timestamp.FromDateTimeOffset(report.GeneratedAt),
        Failovers = { report.Failovers.Select(Of) },
    };

    /// <summary>A failover.</summary>
    public static V1.Failover Of(FailoverFigures story) => new()
    {
        At = Timestamp.FromDateTimeOffset(story.At),
        Kind = story.Kind == "rescue" ? V1.Failover.Types.Kind.Rescue : V1.Failover.Types.Kind.Failover,
        Model = story.Model,
        RequestId = story.RequestId,
        From = story.From,
        To = story.To,
        Error = story.Error,
        AfterMs = story.AfterMs,
        Succeeded = story.Succeeded,
    };

    /// <summary>A window.</summary>
    public static V1.Window Of(Window window) => window switch
    {
        Window.OneMinute => V1.Window._1M,
        Window.FiveMinutes => V1.Window._5M,
        Window.OneHour => V1.Window._1H,
        _ => V1.Window._24H,
    };

    private static V1.TargetBreaker Of(TargetBreaker breaker) => new()
    {
        Target = breaker.Target,
        Breaker = FiguresProto.Of(breaker.Breaker),
        Transitions =
        {
            breaker.Transitions.Select(transition => new V1.BreakerTransition
            {
                At = Timestamp.FromDateTimeOffset(transition.At),
                From = FiguresProto.State(transition.From),
                To = FiguresProto.State(transition.To),
                Reason = transition.Reason,
            }),
        },
    };

    private static V1.SeriesPoint Point(SeriesValue point)
    {
        var message = new V1.SeriesPoint { Start = Timestamp.FromDateTimeOffset(point.Start), End = Timestamp.FromDateTimeOffset(point.End) };
        if (point.Value is { } value)
        {
            message.Value = (double)value;
        }

        return message;
    }

    private static V1.HeatmapColumn Column(HeatmapColumn column) => new()
    {
        Start = Timestamp.FromDateTimeOffset(column.Start),
        End = Timestamp.FromDateTimeOffset(column.End),
        Counts = { column.Counts },
    };
}
