using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>A tool call of an answer, or a piece of one.</summary>
internal struct CallFields()
{
    private Struct? _extra;

    /// <summary>Its number.</summary>
    public int Index { get; private set; }

    /// <summary>Its id, or empty.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The function, or empty.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The arguments, or more of them.</summary>
    public string Arguments { get; private set; } = "";

    /// <summary>The rest, or null.</summary>
    public readonly Struct? Extra => _extra;

    /// <summary>Reads the object that the reader stands on.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="data">What it reads.</param>
    /// <param name="position">Its number where it says none.</param>
    public static CallFields Read(ref Utf8JsonReader json, ReadOnlySpan<byte> data, int position)
    {
        var call = new CallFields { Index = position };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            call.Take(ref json, data);
        }

        return call;
    }

    private void Take(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TextIs("index"u8))
        {
            Index = AnswerFields.ReadIndex(ref json, Index);
        }
        else if (json.TextIs("id"u8))
        {
            Id = AnswerFields.ReadText(ref json);
        }
        else if (json.TextIs("type"u8))
        {
            json.Read();
            if (!json.TextIs("function"u8))
            {
                JsonStruct.KeepValue(ref json, data, "type", ref _extra);
            }
        }
        else if (json.TextIs("function"u8))
        {
            json.Read();
            ReadFunction(ref json, data);
        }
        else
        {
            JsonStruct.Keep(ref json, data, ref _extra);
        }
    }

    private void ReadFunction(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("name"u8))
            {
                Name = AnswerFields.ReadText(ref json);
            }
            else if (json.TextIs("arguments"u8))
            {
                Arguments = AnswerFields.ReadText(ref json);
            }
            else
            {
                JsonStruct.Keep(ref json, data, ref _extra);
            }
        }
    }
}
