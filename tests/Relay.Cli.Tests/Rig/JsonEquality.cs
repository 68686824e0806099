using System.Text.Json;

namespace Relay.Cli.Tests.Rig;

/// <summary>Compares JSON by its meaning: fields in any order, numbers by value.</summary>
internal static class JsonEquality
{
    /// <summary>Where two differ.</summary>
    public static IEnumerable<string> Differences(JsonElement a, JsonElement b, string path = "$")
    {
        if (a.ValueKind != b.ValueKind)
        {
            return [$"{path}: {a.GetRawText()} and {b.GetRawText()}"];
        }

        return a.ValueKind switch
        {
            JsonValueKind.Object => Names(a).Union(Names(b)).SelectMany(name =>
                a.TryGetProperty(name, out var left) && b.TryGetProperty(name, out var right) ? Differences(left, right, $"{path}.{name}") : [$"{path}.{name}: on one side only"]),
            JsonValueKind.Array when a.GetArrayLength() == b.GetArrayLength() => Enumerable.Range(0, a.GetArrayLength()).SelectMany(i => Differences(a[i], b[i], $"{path}[{i}]")),
            JsonValueKind.Number when a.GetDouble() == b.GetDouble() => [],
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => [],
            JsonValueKind.String when a.GetString() == b.GetString() => [],
            _ => [$"{path}: {a.GetRawText()} and {b.GetRawText()}"],
        };
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(field => field.Name);
}
