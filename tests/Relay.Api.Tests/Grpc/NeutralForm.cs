using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Relay.Core.Latency;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>
/// Messages in the shape of HTTP's answers, made of what their descriptors say: a field that only one of the two has is a difference. What
/// is nested in messages and flat in JSON, or named otherwise, stands here and nowhere else.
/// </summary>
internal static class NeutralForm
{
    private const decimal NanosPerUsd = 1_000_000_000;

    /// <summary>Fields whose own fields are in JSON those of the object around.</summary>
    private static readonly HashSet<string> Flat =
        ["ModelFigures.requests", "TargetFigures.attempts", "TargetUse.figures", "GetModelResponse.model", "GetTargetResponse.target", "SetBreakerResponse.breaker", "StatsFrame.stats"];

    /// <summary>A message as an object.</summary>
    public static JsonObject Of(IMessage message) => Of(message, message is TargetFigures ? "attempts" : "requests");

    /// <summary>Each path at which two objects differ, with both values.</summary>
    public static IEnumerable<string> Differences(JsonNode? a, JsonNode? b, string path = "$") => (a, b) switch
    {
        (JsonObject x, JsonObject y) => x.Select(p => p.Key).Union(y.Select(p => p.Key)).SelectMany(key =>
            x.ContainsKey(key) && y.ContainsKey(key) ? Differences(x[key], y[key], $"{path}.{key}") : [$"{path}.{key}: only in one"]),
        (JsonArray x, JsonArray y) when x.Count == y.Count => x.Zip(y).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{path}[{i}]")),
        (null, null) => [],
        _ when a?.GetValueKind() == JsonValueKind.Number && b?.GetValueKind() == JsonValueKind.Number && Number(a).Equals(Number(b)) => [],
        _ when a is JsonValue && b is JsonValue && a.ToJsonString() == b.ToJsonString() => [],
        _ => [$"{path}: {a?.ToJsonString() ?? "null"} and {b?.ToJsonString() ?? "null"}"],
    };

    /// <summary>How many values an object holds.</summary>
    public static int Count(JsonNode? node) => node switch
    {
        JsonObject o => o.Sum(p => Count(p.Value)),
        JsonArray a => a.Sum(Count),
        _ => 1,
    };

    private static JsonObject Of(IMessage message, string unit)
    {
        var all = new JsonObject();
        var names = new HashSet<string>();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.HasPresence && !field.Accessor.HasValue(message) ? null : field.Accessor.GetValue(message);
            if (Flat.Contains($"{message.Descriptor.Name}.{field.Name}"))
            {
                foreach (var (name, inner) in Of((IMessage)value!, field.Name == "attempts" ? "attempts" : field.Name == "figures" ? "attempts" : "requests"))
                {
                    all[name] = inner?.DeepClone();
                }
            }
            else if (!(message is Figures && field.Name == "attempts" && unit == "attempts"))
            {
                all[Name(message, field, unit)] = Value(message, field, value, unit);
            }
        }

        return all;
    }

    private static string Name(IMessage message, FieldDescriptor field, string unit) => (message, field.Name) switch
    {
        (Figures or EndpointFigures, "count") => unit,
        (Figures, "cost_nano_usd") => "costUsd",
        (Figures, "wasted_cost_nano_usd") => "wastedCostUsd",
        (Tokens, var name) => name,
        _ => field.JsonName,
    };

    private static JsonNode? Value(IMessage message, FieldDescriptor field, object? value, string unit)
    {
        if (field.IsMap)
        {
            var map = (System.Collections.IDictionary)value!;
            return new JsonObject(map.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, Single(map[key], unit))));
        }

        if (field.IsRepeated)
        {
            return new JsonArray([.. ((System.Collections.IEnumerable)value!).Cast<object>().Select(item => Single(item, unit))]);
        }

        return field.Name is "cost_nano_usd" or "wasted_cost_nano_usd" && value is long nanos
            ? JsonValue.Create(nanos / NanosPerUsd)
            : Single(value, message is Figures ? unit : "requests");
    }

    private static JsonNode? Single(object? value, string unit) => value switch
    {
        null => null,
        Timestamp at => JsonSerializer.SerializeToNode(at.ToDateTime()),
        Duration step => JsonValue.Create(Label(step.ToTimeSpan())),
        V1.Window window => JsonValue.Create(TrailingWindows.All[(int)window - 1].Label()),
        System.Enum word => JsonValue.Create(Word(word)),
        IMessage message => Of(message, message is TargetFigures ? "attempts" : unit),
        _ => JsonSerializer.SerializeToNode(value),
    };

    /// <summary>half_open of BREAKER_STATE_HALF_OPEN; what is not set is none.</summary>
    private static string Word(System.Enum word)
    {
        var name = word.GetType().GetField(word.ToString())!.GetCustomAttributes(typeof(OriginalNameAttribute), false).Cast<OriginalNameAttribute>().Single().Name;
        var text = name.Replace("BREAKER_STATE_", "", StringComparison.Ordinal).Replace("BREAKER_FORCE_", "", StringComparison.Ordinal).Replace("KIND_", "", StringComparison.Ordinal);
        return text == "UNSPECIFIED" ? "none" : text.ToLowerInvariant();
    }

    private static string Label(TimeSpan step) =>
        step.TotalSeconds % 3_600 == 0 ? $"{step.TotalHours}h" : step.TotalSeconds % 60 == 0 ? $"{step.TotalMinutes}m" : $"{step.TotalSeconds}s";

    private static double Number(JsonNode number) => double.Parse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
