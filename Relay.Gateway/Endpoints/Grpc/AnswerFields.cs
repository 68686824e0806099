using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Dialects.OpenAi;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>What whole answers and chunks of a stream have in common: what is around the choices.</summary>
internal struct AnswerFields()
{
    /// <summary>The last second of the year 9999, where Timestamps end.</summary>
    private const long LastSecond = 253_402_300_799;

    private Struct? _extra;

    /// <summary>The provider's id, or empty.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The provider's name of the model, or empty.</summary>
    public string Model { get; private set; } = "";

    /// <summary>When it was made, or null.</summary>
    public Timestamp? Created { get; private set; }

    /// <summary>The rest, or null.</summary>
    public readonly Struct? Extra => _extra;

    /// <summary>How answers are read.</summary>
    public static JsonReaderOptions Reading { get; } = new() { MaxDepth = RequestScanner.MaxDepth };

    /// <summary>Takes the member whose name the reader stands on, which is not <c>choices</c>.</summary>
    public void Take(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        var isId = json.TextIs("id"u8);
        if (isId || json.TextIs("model"u8))
        {
            var text = ReadText(ref json);
            (Id, Model) = isId ? (text, Model) : (Id, text);
        }
        else if (json.TextIs("created"u8))
        {
            json.Read();
            var isNumber = json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var seconds) && seconds is > 0 and <= LastSecond;
            Created = isNumber ? Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeSeconds((long)json.GetDouble())) : null;
            json.Skip();
        }
        else if (json.TextIs("object"u8) || json.TextIs("usage"u8))
        {
            // Usage is told by what the record says, which knows of every attempt.
            json.Read();
            json.Skip();
        }
        else
        {
            JsonStruct.Keep(ref json, data, ref _extra);
        }
    }

    /// <summary>The string behind the name that the reader stands on; empty for anything else.</summary>
    public static string ReadText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return JsonTexts.Read(ref json);
        }

        json.Skip();
        return "";
    }

    /// <summary>The number behind the name that the reader stands on, or what it was before.</summary>
    public static int ReadIndex(ref Utf8JsonReader json, int before)
    {
        json.Read();
        var index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) ? number : before;
        json.Skip();
        return index;
    }

    /// <summary>The role of a name.</summary>
    public static Role RoleOf(string name) => name switch
    {
        "assistant" => Role.Assistant,
        "user" => Role.User,
        "system" => Role.System,
        "developer" => Role.Developer,
        "tool" => Role.Tool,
        _ => Role.Unspecified,
    };
}
