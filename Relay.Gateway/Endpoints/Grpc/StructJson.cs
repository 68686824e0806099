using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Writes what a request says in a Struct.</summary>
internal static class StructJson
{
    /// <summary>Writes the fields into the object that is open.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="from">The fields; null for none.</param>
    /// <param name="taken">Names that stand elsewhere, and are refused here.</param>
    /// <param name="field">Where it is, for an error.</param>
    /// <param name="index">The number of the message; null outside of messages.</param>
    public static void WriteMembers(Utf8JsonWriter json, Struct? from, FrozenSet<string> taken, string field, int? index = null)
    {
        if (from is null)
        {
            return;
        }

        foreach (var (name, value) in from.Fields)
        {
            if (taken.Contains(name))
            {
                throw Refuse(field, index, name, "has a place of its own in the request, or is Relay's to set. Leave it out of extra");
            }

            json.WritePropertyName(name);
            WriteValue(json, value, field, index, name);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Value value, string field, int? index, string name)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.NullValue:
                json.WriteNullValue();
                break;
            case Value.KindOneofCase.BoolValue:
                json.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.StringValue:
                json.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                json.WriteNumberValue(value.NumberValue);
                break;
            case Value.KindOneofCase.NumberValue:
                throw Refuse(field, index, name, "holds a number that is not finite, which JSON does not have");
            case Value.KindOneofCase.StructValue:
                json.WriteStartObject();
                foreach (var (inner, member) in value.StructValue.Fields)
                {
                    json.WritePropertyName(inner);
                    WriteValue(json, member, field, index, name);
                }

                json.WriteEndObject();
                break;
            case Value.KindOneofCase.ListValue:
                json.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                {
                    WriteValue(json, item, field, index, name);
                }

                json.WriteEndArray();
                break;
            default:
                throw Refuse(field, index, name, "holds a value without a kind. Set one; null_value for null");
        }
    }

    private static RefusedException Refuse(string field, int? index, string name, string why)
    {
        var place = index is null ? field : string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]");
        var param = $"{place}.{ErrorMiddleware.Shown(name)}";
        return new(param, $"\"{param}\" {why}.");
    }
}
