using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Keeps in a Struct what of an answer has no place of its own.</summary>
internal static class JsonStruct
{
    /// <summary>
    /// Values nested deeper are given as their JSON text: clients read 100 levels of messages, and a level of JSON takes three.
    /// </summary>
    public const int MaxDepth = 24;

    /// <summary>Keeps the member whose name the reader stands on, and leaves the reader at the end of its value; null says nothing and is left out.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="data">What it reads.</param>
    /// <param name="extra">Where it goes; made when there is something.</param>
    public static void Keep(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ref Struct? extra)
    {
        var name = JsonTexts.Read(ref json);
        json.Read();
        KeepValue(ref json, data, name, ref extra);
    }

    /// <summary>Keeps the value that the reader stands on.</summary>
    public static void KeepValue(ref Utf8JsonReader json, ReadOnlySpan<byte> data, string name, ref Struct? extra)
    {
        if (json.TokenType != JsonTokenType.Null)
        {
            (extra ??= new()).Fields[name] = ReadValue(ref json, data, 1);
        }
    }

    /// <summary>The object that the reader stands on.</summary>
    public static Struct ReadObject(ref Utf8JsonReader json, ReadOnlySpan<byte> data, int depth = 0)
    {
        var members = new Struct();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Read(ref json);
            json.Read();
            members.Fields[name] = ReadValue(ref json, data, depth + 1);
        }

        return members;
    }

    private static Value ReadValue(ref Utf8JsonReader json, ReadOnlySpan<byte> data, int depth)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return Value.ForBool(json.TokenType == JsonTokenType.True);
            case JsonTokenType.String:
                return Value.ForString(JsonTexts.Read(ref json));
            case JsonTokenType.Number when json.TryGetDouble(out var number) && double.IsFinite(number):
                return Value.ForNumber(number);
            case JsonTokenType.Number:
                return Value.ForString(Encoding.UTF8.GetString(json.ValueSpan));
            case JsonTokenType.Null:
                return Value.ForNull();
            case var _ when depth >= MaxDepth:
                var start = (int)json.TokenStartIndex;
                json.Skip();
                return Value.ForString(Encoding.UTF8.GetString(data[start..(int)json.BytesConsumed]));
            case JsonTokenType.StartObject:
                return Value.ForStruct(ReadObject(ref json, data, depth));
            default:
                var list = new ListValue();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    list.Values.Add(ReadValue(ref json, data, depth + 1));
                }

                return new() { ListValue = list };
        }
    }
}
