using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Cli.CommandLine;

/// <summary>JSON for scripts.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = OneLine with { Indented = true };

    /// <summary>An object, on one line or indented.</summary>
    public static string Object(bool isIndented, Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, isIndented ? Indented : OneLine))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
