using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>tool_choice, or the older function_call, as functionCallingConfig.</summary>
internal sealed class GeminiToolChoice
{
    private readonly List<string> _names = [];
    private string? _mode;

    /// <summary>With mode AUTO Gemini knows no list of allowed functions: then the others are not declared at all.</summary>
    private bool _declaresAllowedOnly;

    /// <summary>Reads it from the request.</summary>
    public static GeminiToolChoice Read(Field chat)
    {
        var choice = new GeminiToolChoice();
        var field = chat["tool_choice"] is { IsPresent: true } given ? given : chat["function_call"];
        if (field.Kind == JsonValueKind.String)
        {
            choice._mode = field.Text() switch
            {
                "none" => "NONE",
                "auto" => "AUTO",
                "required" => "ANY",
                _ => throw field.Refuse("must be \"none\", \"auto\", \"required\" or an object that names a function."),
            };
        }
        else if (field.IsPresent)
        {
            choice.ReadObject(field.Object(), isOld: !chat["tool_choice"].IsPresent);
        }

        return choice;
    }

    /// <summary>May a function of this name be declared?</summary>
    public bool Allows(string name) => !_declaresAllowedOnly || _names.Contains(name);

    /// <summary>Writes toolConfig, when there is a choice.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (_mode is null)
        {
            return;
        }

        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, _mode);
        if (_names.Count > 0 && !_declaresAllowedOnly)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            _names.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void ReadObject(Field field, bool isOld)
    {
        var type = field["type"].OptionalText();
        switch (type)
        {
            case null when isOld:
                _mode = "ANY";
                _names.Add(field["name"].Text());
                break;
            case "function":
                _mode = "ANY";
                _names.Add(field["function"].Object()["name"].Text());
                break;
            case "allowed_tools":
                ReadAllowed(field["allowed_tools"].Object());
                break;
            default:
                throw field["type"].Refuse("must be \"function\" or \"allowed_tools\" at a Gemini target.");
        }
    }

    private void ReadAllowed(Field allowed)
    {
        _mode = allowed["mode"].OptionalText() switch
        {
            null or "auto" => "AUTO",
            "required" => "ANY",
            _ => throw allowed["mode"].Wrong("\"auto\" or \"required\""),
        };
        _declaresAllowedOnly = _mode == "AUTO";
        var tools = allowed["tools"].Array();
        for (var i = 0; i < tools.Count; i++)
        {
            _names.Add(tools[i].Object()["function"].Object()["name"].Text());
        }
    }
}
