using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Fit;

/// <summary>The rules for the top-level fields of requests to one target, made ready once. Values that no rule touches keep their bytes.</summary>
internal sealed class ParameterPlan
{
    /// <summary>Fields that <see cref="RequestScan.HasOptions"/> does not tell of.</summary>
    private static readonly string[] BaseFields = ["n", "tools", "functions", "response_format"];

    private readonly Dictionary<string, string> _rename;
    private readonly HashSet<string> _drop;
    private readonly Dictionary<string, ParameterBounds> _clamp;
    private readonly (string Name, byte[] Json)[] _default;
    private readonly (string Name, byte[] Json)[] _set;

    private ParameterPlan(ParameterOptions options)
    {
        _rename = options.Rename.ToDictionary();
        _drop = [.. options.Drop];
        _clamp = options.Clamp.ToDictionary(c => c.Name);
        _default = [.. options.Default.Select(d => (d.Key, Encoding.UTF8.GetBytes(d.Value)))];
        _set = [.. options.Set.Select(s => (s.Key, Encoding.UTF8.GetBytes(s.Value)))];
        IsUnconditional = _default.Length > 0 || _set.Length > 0 || _rename.Keys.Concat(_drop).Concat(_clamp.Keys).Any(BaseFields.Contains);
    }

    /// <summary>The plan of a target: what is configured over what is known of its family; null when nothing is to be done.</summary>
    public static ParameterPlan? Of(ParameterOptions configured, ParameterOptions known)
    {
        var all = new ParameterOptions
        {
            Rename = [.. configured.Rename.Concat(known.Rename).DistinctBy(r => r.Key)],
            Drop = [.. configured.Drop.Concat(known.Drop.Where(d => !Names(configured).Contains(d))).Distinct()],
            Clamp = [.. configured.Clamp.Concat(known.Clamp.Where(c => !Names(configured).Contains(c.Name))).DistinctBy(c => c.Name)],
            Default = configured.Default,
            Set = configured.Set,
        };
        return all.IsEmpty ? null : new(all);
    }

    /// <summary>It applies to requests that tune nothing, too.</summary>
    public bool IsUnconditional { get; }

    /// <summary>Applies the rules; null when the body stays as it is.</summary>
    /// <param name="chat">A JSON object.</param>
    public byte[]? Apply(ReadOnlySpan<byte> chat)
    {
        try
        {
            return _default.Length == 0 && _set.Length == 0 && !Touches(chat) ? null : Write(chat);
        }
        catch (InvalidOperationException)
        {
            // A name that holds half of a surrogate pair is none that any rule knows, and none that a provider does.
            return null;
        }
    }

    private byte[] Write(ReadOnlySpan<byte> chat)
    {
        var to = new ArrayBufferWriter<byte>(chat.Length + 256);
        var written = new HashSet<string>(StringComparer.Ordinal);
        using (var json = new Utf8JsonWriter(to, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            Copy(chat, json, written);
            foreach (var (name, value) in _default.Where(d => !written.Contains(d.Name)).Concat(_set))
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return to.WrittenSpan.ToArray();
    }

    private static IEnumerable<string> Names(ParameterOptions options) =>
        options.Set.Select(s => s.Key).Concat(options.Default.Select(d => d.Key)).Concat(options.Clamp.Select(c => c.Name));

    private bool Touches(ReadOnlySpan<byte> chat)
    {
        var json = Open(chat);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            if (_rename.ContainsKey(name) || _drop.Contains(name) || _clamp.ContainsKey(name))
            {
                return true;
            }

            json.Read();
            json.Skip();
        }

        return false;
    }

    private void Copy(ReadOnlySpan<byte> chat, Utf8JsonWriter to, HashSet<string> written)
    {
        var given = Names(chat);
        var json = Open(chat);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            var start = (int)json.TokenStartIndex;
            var isNumber = json.TokenType == JsonTokenType.Number;
            json.Skip();
            var value = chat[start..(int)json.BytesConsumed];
            if (_rename.TryGetValue(name, out var other))
            {
                if (given.Contains(other))
                {
                    continue;
                }

                name = other;
            }

            if (_drop.Contains(name) || Array.Exists(_set, s => s.Name == name))
            {
                continue;
            }

            written.Add(name);
            to.WritePropertyName(name);
            if (isNumber && _clamp.TryGetValue(name, out var bounds) && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && (number < bounds.Min || number > bounds.Max))
            {
                to.WriteNumberValue(Math.Clamp(number, bounds.Min, bounds.Max));
            }
            else
            {
                to.WriteRawValue(value, skipInputValidation: true);
            }
        }
    }

    private static HashSet<string> Names(ReadOnlySpan<byte> chat)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var json = Open(chat);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(json.GetString()!);
            json.Read();
            json.Skip();
        }

        return names;
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> chat)
    {
        var json = new Utf8JsonReader(chat, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        json.Read();
        return json;
    }
}
