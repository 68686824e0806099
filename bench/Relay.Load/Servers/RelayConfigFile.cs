using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Load.Servers;

/// <summary>Writes a relay.json with everything on: keys, prices, breakers, retries and a second target for every model.</summary>
internal static class RelayConfigFile
{
    /// <summary>The key that the driver sends; only its digest is in the file.</summary>
    public const string Key = "sk-relay-load";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the file.</summary>
    /// <param name="folder">Where; Relay's data folder is put there too.</param>
    /// <param name="providers">The providers.</param>
    /// <param name="models">Models by name, with their targets.</param>
    /// <param name="http2">HTTP/2 with prior knowledge to the providers.</param>
    /// <param name="dialect">What the providers are asked in: openai, anthropic or gemini.</param>
    /// <param name="maxConcurrent"><c>limits.maxConcurrentRequests</c>; null: the default.</param>
    /// <returns>The path.</returns>
    public static string Write(
        string folder, IEnumerable<Upstream> providers, IEnumerable<KeyValuePair<string, string[]>> models, bool http2 = false, string dialect = "openai", int? maxConcurrent = null)
    {
        var all = models.ToArray();
        var config = new JsonObject
        {
            ["listen"] = new JsonObject { ["gateway"] = "127.0.0.1:0", ["grpc"] = "127.0.0.1:0", ["api"] = "127.0.0.1:0", ["apiGrpc"] = "127.0.0.1:0" },
            ["dataDir"] = Path.Combine(folder, "data"),
            ["providers"] = new JsonObject(providers.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Provider(p, http2, dialect)))),
            ["models"] = new JsonObject(all.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)Model(m.Value)))),
            ["keys"] = new JsonArray(new JsonObject
            {
                ["name"] = "load",
                ["key"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            }),
            ["prices"] = new JsonObject(all.SelectMany(m => m.Value).Distinct().Select(t => KeyValuePair.Create(t, (JsonNode?)Price()))),
        };
        if (maxConcurrent is { } limit)
        {
            config["limits"] = new JsonObject { ["maxConcurrentRequests"] = limit };
        }

        var path = Path.Combine(folder, "relay.json");
        File.WriteAllText(path, config.ToJsonString(Indented));
        return path;
    }

    private static JsonObject Provider(Upstream upstream, bool http2, string dialect)
    {
        var url = http2 ? upstream.Http2 : upstream.Http;
        var provider = new JsonObject { ["dialect"] = dialect, ["baseUrl"] = new Uri(url, dialect == "gemini" ? "v1beta" : "v1").ToString(), ["maxConnections"] = 10_000 };
        if (http2)
        {
            provider["http2"] = true;
        }

        return provider;
    }

    private static JsonObject Model(string[] targets) =>
        new() { ["strategy"] = "priority", ["targets"] = new JsonArray([.. targets.Select(t => JsonValue.Create(t))]) };

    private static JsonObject Price() => new() { ["input"] = 2.0, ["cachedInput"] = 0.5, ["output"] = 8.0 };
}
