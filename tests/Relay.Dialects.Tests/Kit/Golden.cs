using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>
/// A recorded pair: what comes in and what must come out, in the shapes of the public reference that <c>source</c> names. The files are in
/// Golden, a folder for each pair of dialects and in it one for each direction.
/// </summary>
public sealed class Golden
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Golden(JsonObject file) => File = file;

    /// <summary>The whole file.</summary>
    public JsonObject File { get; }

    /// <summary>The names of the files in a folder.</summary>
    public static TheoryData<string> Names(string folder)
    {
        var names = Directory.GetFiles(Folder(folder), "*.json").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
        return new(names);
    }

    /// <summary>Reads a file; each names its source.</summary>
    public static Golden Read(string folder, string name)
    {
        var file = JsonNode.Parse(System.IO.File.ReadAllText(System.IO.Path.Combine(Folder(folder), name + ".json")))!.AsObject();
        Assert.StartsWith("https://", (string?)file["source"], StringComparison.Ordinal);
        return new(file);
    }

    /// <summary>A part of all files of a folder.</summary>
    public static JsonNode[] All(string folder, string part) =>
        [.. Names(folder).Select(row => Read(folder, row.Data).File[part]!.DeepClone())];

    /// <summary>A part of the file as short JSON.</summary>
    public byte[] Bytes(string name) => JsonSerializer.SerializeToUtf8Bytes(File[name], Compact);

    /// <summary>The texts in an array of the file; empty when it is not there.</summary>
    public string[] Texts(string name) => File[name] is JsonArray array ? [.. array.Select(text => (string)text!)] : [];

    /// <summary>Two JSON values mean the same; a failure shows both.</summary>
    public static void Same(JsonNode? expected, ReadOnlySpan<byte> actual)
    {
        var found = JsonNode.Parse(actual);
        if (!JsonNode.DeepEquals(expected, found))
        {
            Assert.Equal(expected?.ToJsonString(Compact), found?.ToJsonString(Compact));
        }
    }

    private static string Folder(string folder) => System.IO.Path.Combine(AppContext.BaseDirectory, "Golden", folder);
}
