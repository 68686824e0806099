using System.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads systemInstruction and contents, with the real API's rules for roles, parts and function calls.</summary>
internal static class GeminiContents
{
    private const string Request = "* GenerateContentRequest.";

    private static readonly HashSet<string> Known = ["role", "parts"];

    public static Conversation Read(RequestFields fields)
    {
        if (fields.Array("contents") is not { } contents || contents.GetArrayLength() == 0)
        {
            throw new ApiErrorException(GeminiErrors.Instance.Missing("contents"));
        }

        var conversation = default(ConversationBuilder);
        if (fields.Object("systemInstruction") is { } system)
        {
            conversation.Add(ConversationRole.System, ReadContent(system, "system_instruction").Text);
        }

        var previous = default(Content);
        var index = 0;
        foreach (var item in contents.EnumerateArray())
        {
            var path = $"contents[{index++}]";
            var json = item.ValueKind == JsonValueKind.Object ? item : throw new ApiErrorException(GeminiErrors.Instance.WrongType(path, JsonKind.Object));
            var content = ReadContent(fields with { Json = json, Path = path + "." }, path);
            CheckTurn(previous, content);
            if (content.Responses > 0)
            {
                conversation.Add(ConversationRole.Tool, content.Results);
            }

            if (content.Responses == 0 || content.Text.Length > 0)
            {
                conversation.Add(content.Role, content.Text);
            }

            previous = content;
        }

        return previous.Calls == 0 ? conversation.Build() : throw Unpaired();
    }

    private static Content ReadContent(RequestFields content, string path)
    {
        GeminiNames.Check(content.Json, Known, path);
        var role = content.String("role") switch
        {
            null or "" or "user" or "function" => ConversationRole.User,
            "model" => ConversationRole.Assistant,
            "system" when path == "system_instruction" => ConversationRole.System,
            _ => throw GeminiRequest.Invalid("Please use a valid role: user, model."),
        };
        if (content.Array("parts") is not { } parts || parts.GetArrayLength() == 0)
        {
            throw GeminiRequest.Invalid($"{Request}{path}.parts: contents.parts must not be empty.\n", $"{path}.parts");
        }

        var (text, results) = (new StringBuilder(), new StringBuilder());
        var (calls, responses, index) = (0, 0, 0);
        foreach (var item in parts.EnumerateArray())
        {
            var at = $"{path}.parts[{index++}]";
            var part = item.ValueKind == JsonValueKind.Object ? content with { Json = item, Path = at + "." } : throw new ApiErrorException(GeminiErrors.Instance.WrongType(at, JsonKind.Object));
            switch (GeminiParts.Read(part, at))
            {
                case { Kind: PartKind.Text, Text: var said }:
                    text.Append(said);
                    break;
                case { Kind: PartKind.Call }:
                    calls++;
                    break;
                case { Kind: PartKind.Response, Text: var result }:
                    responses++;
                    results.Append(result);
                    break;
            }
        }

        return new Content(role, text.ToString(), results.ToString(), calls, responses);
    }

    private static void CheckTurn(Content previous, Content content)
    {
        if (content.Responses != previous.Calls)
        {
            throw previous.Calls == 0 ? GeminiRequest.Invalid("Please ensure that function response turn comes immediately after a function call turn.") : Unpaired();
        }

        if (content.Calls > 0 && previous.Role != ConversationRole.User)
        {
            throw GeminiRequest.Invalid("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
        }
    }

    private static ApiErrorException Unpaired() =>
        GeminiRequest.Invalid("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");

    /// <summary>What one content says; thoughts are left out.</summary>
    private readonly record struct Content(ConversationRole Role, string Text, string Results, int Calls, int Responses);
}
