using System.Text.Json;

namespace Relay.Simulator;

/// <summary>What a part is, as far as an answer asks.</summary>
internal enum PartKind
{
    Other,
    Text,
    Call,
    Response,
}

/// <summary>Reads the parts of a content.</summary>
internal static class GeminiParts
{
    /// <summary>What signatures of this provider begin with.</summary>
    private const string SignatureStart = "c2ltLXRob3VnaHQt";

    private static readonly HashSet<string> Known =
    [
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "thought", "thoughtSignature",
        "videoMetadata", "mediaResolution", "partMetadata", "toolCall", "toolResponse",
    ];

    private static readonly HashSet<string> KnownCall = ["id", "name", "args"];

    private static readonly HashSet<string> KnownResponse = ["id", "name", "response", "parts", "willContinue", "scheduling"];

    // Stands for a signature that another provider's call has not, as the reference says.
    private static readonly string[] Dummies = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

    /// <summary>The signature of a thought.</summary>
    public static string Signature(string key) => SignatureStart + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(key));

    public static (PartKind Kind, string Text) Read(RequestFields part, string path)
    {
        GeminiNames.Check(part.Json, Known, path);
        if (part.String("thoughtSignature") is { } signature && !signature.StartsWith(SignatureStart, StringComparison.Ordinal) && !Dummies.Contains(signature))
        {
            throw GeminiRequest.Invalid("Thought signature is not valid.");
        }

        if (part.Object("functionCall") is { } call)
        {
            GeminiNames.Check(call.Json, KnownCall, $"{path}.function_call");
            CheckName(call, $"{path}.function_call");
            _ = call.Object("args");
            return (PartKind.Call, "");
        }

        if (part.Object("functionResponse") is { } response)
        {
            GeminiNames.Check(response.Json, KnownResponse, $"{path}.function_response");
            CheckName(response, $"{path}.function_response");
            return (PartKind.Response, response.Object("response")?.Json.GetRawText() ?? throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.function_response.response: response cannot be empty\n"));
        }

        if (part.Object("inlineData") is { } data)
        {
            CheckData(data, $"{path}.inline_data");
            return (PartKind.Other, "");
        }

        if (part.String("text") is { } text)
        {
            return part.Bool("thought") ? (PartKind.Other, "") : (PartKind.Text, text);
        }

        return part.Object("fileData") is { } file ? CheckFile(file, path)
            : HasData(part.Json) ? (PartKind.Other, "")
            : throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.data: required oneof field 'data' must have one initialized field\n", $"{path}.data");
    }

    private static void CheckName(RequestFields fields, string path)
    {
        if (string.IsNullOrEmpty(fields.String("name")))
        {
            throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.name: Name cannot be empty.\n", $"{path}.name");
        }
    }

    private static void CheckData(RequestFields data, string path)
    {
        if (string.IsNullOrEmpty(data.String("mimeType")))
        {
            throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.mime_type: mime_type is required\n", $"{path}.mime_type");
        }

        if (data.String("data") is not { Length: > 0 } bytes || !System.Buffers.Text.Base64.IsValid(bytes))
        {
            throw GeminiRequest.Invalid($"Invalid value at '{path}.data' (TYPE_BYTES), Base64 decoding failed", $"{path}.data");
        }
    }

    private static (PartKind Kind, string Text) CheckFile(RequestFields file, string path) =>
        string.IsNullOrEmpty(file.String("fileUri")) ? throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.file_data.file_uri: file_uri is required\n") : (PartKind.Other, "");

    private static bool HasData(JsonElement part) =>
        part.TryGetProperty("executableCode"u8, out _) || part.TryGetProperty("codeExecutionResult"u8, out _) || part.TryGetProperty("toolCall"u8, out _)
        || part.TryGetProperty("toolResponse"u8, out _) || part.TryGetProperty("thoughtSignature"u8, out _);
}
