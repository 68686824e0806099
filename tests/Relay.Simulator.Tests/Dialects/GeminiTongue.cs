using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

internal sealed class GeminiTongue(bool array) : Tongue
{
    public override string MaxEight => "\"generationConfig\":{\"maxOutputTokens\":8}";

    public override (string Whole, string Length, string Tools, string Refusal) Finishes => ("STOP", "MAX_TOKENS", "STOP", "SAFETY");

    public override bool HasEndMark => array;

    public override string Stop(string text) => $$"""
        "generationConfig":{"stopSequences":[{{Quote(text)}}]}
        """;

    public override string Tools(params string[] names) =>
        $$"""
        "tools":[{"functionDeclarations":[{{string.Join(',', names.Select(n => $$"""{"name":"{{n}}","parameters":""" + Schema.ToUpperInvariant().Replace("TYPE", "type").Replace("PROPERTIES", "properties").Replace("CITY", "city") + "}"))}}]}]
        """;

    public override (string? Type, string? Message) ErrorOf(JsonElement body)
    {
        var error = (body.ValueKind == JsonValueKind.Array ? body[0] : body).GetProperty("error");
        return (error.GetProperty("status").GetString(), error.GetProperty("message").GetString());
    }

    protected override string Path(bool stream, string model) =>
        $"/v1beta/models/{model}:{(!stream ? "generateContent" : array ? "streamGenerateContent" : "streamGenerateContent?alt=sse")}";

    protected override string Body(bool stream, Turn[] turns, string model) =>
        $"\"contents\":[{string.Join(',', turns.Select(t => $$"""{"role":"{{(t.Role == "assistant" ? "model" : "user")}}","parts":[{"text":{{Quote(t.Text)}}}]}"""))}]";

    protected override void Line(Seen seen, string line)
    {
        if (!array)
        {
            base.Line(seen, line);
        }
        else if (line.StartsWith(']'))
        {
            seen.EndMark = true;
        }
        else if (line.TrimStart('[', ',') is { Length: > 0 } element)
        {
            Event(seen, element);
        }
    }

    protected override void Absorb(Seen seen, JsonElement json, bool plain)
    {
        if (json.TryGetProperty("error", out _))
        {
            seen.Error = ErrorOf(json);
            return;
        }

        if (json.TryGetProperty("promptFeedback", out var feedback))
        {
            seen.Finish = "blocked " + feedback.GetProperty("blockReason").GetString();
        }

        if (json.TryGetProperty("usageMetadata", out var usage))
        {
            seen.InputTokens = usage.GetProperty("promptTokenCount").GetInt32();
            seen.OutputTokens = usage.GetProperty("totalTokenCount").GetInt32() - seen.InputTokens;
        }

        if (!json.TryGetProperty("candidates", out var candidates))
        {
            return;
        }

        foreach (var candidate in candidates.EnumerateArray().Where(c => c.GetProperty("index").GetInt32() == 0))
        {
            seen.Finish = candidate.TryGetProperty("finishReason", out var finish) ? finish.GetString() : seen.Finish;
            if (candidate.GetProperty("content").TryGetProperty("parts", out var parts))
            {
                foreach (var part in parts.EnumerateArray())
                {
                    Part(seen, part);
                }
            }
        }
    }

    private static void Part(Seen seen, JsonElement part)
    {
        if (part.TryGetProperty("functionCall", out var call))
        {
            seen.AddCall(seen.Calls.Count, call.GetProperty("name").GetString(), call.GetProperty("args").GetRawText());
        }
        else if (part.TryGetProperty("thought", out _))
        {
            seen.Thinking += part.GetProperty("text").GetString();
        }
        else
        {
            seen.AddText(part.GetProperty("text").GetString());
        }
    }
}
