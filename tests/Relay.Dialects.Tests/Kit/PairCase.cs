using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>
/// A golden file: what one side says and what the other is to hear. <c>source</c> names the page of the provider's reference that the
/// shapes are from. <c>given</c> and <c>gives</c> are JSON; for a stream, arrays of the payloads of its events.
/// </summary>
public sealed class PairCase
{
    /// <summary>As providers write: text as UTF-8, only what must be escaped is.</summary>
    private static readonly JsonSerializerOptions Wire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _file;

    private PairCase(JsonObject file) => _file = file;

    public JsonNode Given => _file["given"]!;

    public byte[] GivenBytes => Encoding.UTF8.GetBytes(Given.ToJsonString(Wire));

    public JsonNode? Gives => _file["gives"];

    public string? Text(string name) => (string?)_file[name];

    public JsonNode? this[string name] => _file[name];

    public string[] Names(string name) => [.. (_file[name] as JsonArray ?? []).Select(item => (string)item!)];

    /// <summary>The names of the files of one pair and kind, without their ending.</summary>
    public static TheoryData<string> Of(string pair, string kind) =>
        new(Directory.EnumerateFiles(Folder(pair), $"{kind}-*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    public static PairCase Read(string pair, string name)
    {
        var found = new PairCase(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(pair), name + ".json")))!.AsObject());
        Assert.StartsWith("https://", found.Text("source"), StringComparison.Ordinal);
        return found;
    }

    /// <summary>The stream that <c>given</c> holds, as a provider would send it.</summary>
    public byte[] GivenStream() =>
        Encoding.UTF8.GetBytes(string.Concat(Given.AsArray().Select(item => $"data: {(item is JsonValue value ? (string)value! : item!.ToJsonString())}\r\n\r\n")));

    /// <summary>Equal as JSON, whatever the order of members; a difference prints both.</summary>
    public static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(expected, actual))
        {
            Assert.Equal(Print(expected), Print(actual));
        }
    }

    public static string Print(JsonNode? node) => Sorted(node)?.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) ?? "null";

    private static string Folder(string pair) => Path.Combine(AppContext.BaseDirectory, "Golden", pair);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
