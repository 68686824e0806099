using Relay.Telemetry.Tests.Otlp;

namespace Relay.Telemetry.Tests.Kit;

/// <summary>Reads what came over OTLP as tests want to compare it.</summary>
internal static class OtlpReading
{
    public const int Server = 2;
    public const int Client = 3;

    public static Dictionary<string, object?> Tags(this IEnumerable<KeyValue> attributes) => attributes.ToDictionary(a => a.Key, a => Value(a.Value));

    public static Dictionary<string, object?> Tags(this Span span) => span.Attributes.Tags();

    public static string TraceIdText(this Span span) => Convert.ToHexStringLower(span.TraceId.Span);

    public static string SpanIdText(this Span span) => Convert.ToHexStringLower(span.SpanId.Span);

    public static string ParentIdText(this Span span) => Convert.ToHexStringLower(span.ParentSpanId.Span);

    /// <summary>The data points of a histogram, each with its tags as text.</summary>
    public static IReadOnlyDictionary<string, HistogramDataPoint> Points(this Metric metric, params string[] tags) => metric.Histogram.DataPoints
        .GroupBy(p => string.Join(' ', tags.Select(t => p.Attributes.Tags().GetValueOrDefault(t) ?? "-")))
        .ToDictionary(g => g.Key, g => g.Single());

    private static object? Value(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.ArrayValue => string.Join(',', value.ArrayValue.Values.Select(Value)),
        _ => null,
    };
}
