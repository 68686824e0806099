using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

internal sealed class OpenAiTongue(bool azure) : Tongue
{
    public override string MaxEight => "\"max_tokens\":8";

    public override (string Whole, string Length, string Tools, string Refusal) Finishes => ("stop", "length", "tool_calls", "content_filter");

    public override string Stop(string text) => $"\"stop\":[{Quote(text)}]";

    public override string Tools(params string[] names) => $"\"tools\":[{string.Join(',', names.Select(n => $$"""{"type":"function","function":{"name":"{{n}}","parameters":""" + Schema + "}}"))}]";

    public override (string? Type, string? Message) ErrorOf(JsonElement body)
    {
        // Azure's own errors have a code and no type.
        var error = body.GetProperty("error");
        return (error.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : error.GetProperty("code").GetString(), error.GetProperty("message").GetString());
    }

    protected override string Path(bool stream, string model) => azure ? $"/openai/deployments/{model}/chat/completions?api-version=2024-10-21" : "/v1/chat/completions";

    protected override string Body(bool stream, Turn[] turns, string model) =>
        (azure ? "" : $"\"model\":{Quote(model)},")
        + (stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")
        + $"\"messages\":[{string.Join(',', turns.Select(t => $$"""{"role":"{{t.Role}}","content":{{Quote(t.Text)}}}"""))}]";

    protected override void Absorb(Seen seen, JsonElement json, bool plain)
    {
        if (json.TryGetProperty("error", out _))
        {
            seen.Error = ErrorOf(json);
            return;
        }

        if (json.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            seen.InputTokens = usage.GetProperty("prompt_tokens").GetInt32();
            seen.OutputTokens = usage.GetProperty("completion_tokens").GetInt32();
        }

        if (!json.TryGetProperty("choices", out var choices))
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray().Where(c => c.GetProperty("index").GetInt32() == 0))
        {
            var delta = choice.GetProperty(plain ? "message" : "delta");
            seen.AddText(delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : null);
            seen.Finish = choice.GetProperty("finish_reason").GetString() ?? seen.Finish;
            if (delta.TryGetProperty("tool_calls", out var calls))
            {
                foreach (var (call, i) in calls.EnumerateArray().Select((c, i) => (c, i)))
                {
                    var function = call.GetProperty("function");
                    seen.AddCall(plain ? i : call.GetProperty("index").GetInt32(), function.TryGetProperty("name", out var name) ? name.GetString() : null, function.GetProperty("arguments").GetString());
                }
            }
        }
    }
}
