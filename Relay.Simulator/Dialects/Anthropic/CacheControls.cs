using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Looks for cache_control, on the request and on the blocks of system, messages and tools.</summary>
internal static class CacheControls
{
    public static CacheWrite Of(JsonElement root)
    {
        var found = One(root);
        foreach (var name in (ReadOnlySpan<string>)["system", "tools", "messages"])
        {
            if (root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in list.EnumerateArray())
                {
                    found = Longer(found, Item(item));
                }
            }
        }

        return found;
    }

    private static CacheWrite Item(JsonElement item)
    {
        var found = One(item);
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("content"u8, out var blocks) && blocks.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in blocks.EnumerateArray())
            {
                found = Longer(found, One(block));
            }
        }

        return found;
    }

    private static CacheWrite One(JsonElement json) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("cache_control"u8, out var control) || control.ValueKind != JsonValueKind.Object ? CacheWrite.None
        : control.TryGetProperty("ttl"u8, out var ttl) && ttl.ValueKind == JsonValueKind.String && ttl.ValueEquals("1h"u8) ? CacheWrite.OneHour
        : CacheWrite.FiveMinutes;

    private static CacheWrite Longer(CacheWrite a, CacheWrite b) => a > b ? a : b;
}
