using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads a generateContent request with the checks of the real API, unknown fields among them. Fields may be in camelCase or snake_case.</summary>
internal static class GeminiRequest
{
    private const int MaxCandidates = 8;

    private static readonly HashSet<string> Known =
        ["model", "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent", "labels", "serviceTier", "store"];

    private static readonly HashSet<string> KnownConfig =
    [
        "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "candidateCount", "maxOutputTokens",
        "temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers",
        "speechConfig", "thinkingConfig", "imageConfig", "mediaResolution", "audioTranscriptionConfig",
    ];

    private static readonly HashSet<string> KnownCount = ["model", "contents", "generateContentRequest"];

    public static ChatRequest Read(JsonElement root, Route route)
    {
        var fields = Fields(root);
        GeminiNames.Check(root, Known, "");
        var conversation = GeminiContents.Read(fields);
        var config = fields.Object("generationConfig");
        var thoughts = config is { } c ? ReadConfig(c) : Thoughts.None;
        return new ChatRequest(route.Model!, conversation)
        {
            Stream = route.Form != StreamForm.None,
            MaxTokens = config?.Int("maxOutputTokens", 1, int.MaxValue),
            Choices = config?.Int("candidateCount", 1, MaxCandidates) ?? 1,
            Thoughts = thoughts,
            Tools = GeminiTools.Read(fields).Called(conversation),
            JsonSchema = config is { } format ? ReadFormat(format) : null,
            StopSequences = config?.Strings("stopSequences") ?? [],
        };
    }

    /// <summary>A countTokens request: contents, or a whole request.</summary>
    public static ChatRequest ReadCount(JsonElement root, Route route)
    {
        var fields = Fields(root);
        GeminiNames.Check(root, KnownCount, "");
        return fields.Object("generateContentRequest") is { } whole
            ? Read(whole.Json, route)
            : new ChatRequest(route.Model!, GeminiContents.Read(fields));
    }

    public static ApiErrorException Invalid(string message, string? field = null) => new(GeminiErrors.Invalid(message, field));

    private static RequestFields Fields(JsonElement root) => root.ValueKind == JsonValueKind.Object
        ? new RequestFields(root, GeminiErrors.Instance, SnakeCaseToo: true)
        : throw Invalid("Invalid JSON payload received. Root element must be a message.");

    private static Thoughts ReadConfig(RequestFields config)
    {
        GeminiNames.Check(config.Json, KnownConfig, "generation_config");
        _ = config.Number("temperature", 0, 2);
        _ = config.Number("topP", 0, 1);
        _ = config.Number("topK", 1, int.MaxValue);
        if (config.Object("responseSchema") is { } schema)
        {
            GeminiSchema.Check(schema.Json, "generation_config.response_schema");
        }

        if (config.Object("thinkingConfig") is not { } thinking)
        {
            return Thoughts.None;
        }

        var budget = thinking.Int("thinkingBudget", -1, int.MaxValue);
        if (budget is not null && thinking.String("thinkingLevel") is not null)
        {
            throw Invalid("You can only set only one of thinking budget and thinking level.");
        }

        return budget == 0 ? Thoughts.None : thinking.Bool("includeThoughts") ? Thoughts.Shown : Thoughts.Hidden;
    }

    private static JsonElement? ReadFormat(RequestFields config) =>
        config.String("responseMimeType") != "application/json" ? null
        : (config.Optional("responseJsonSchema") ?? config.Optional("responseSchema")) is { } schema ? schema
        : default(JsonElement);
}
