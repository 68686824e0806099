using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

internal sealed class AnthropicTongue : Tongue
{
    public override string MaxEight => "\"max_tokens\":8";

    public override (string Whole, string Length, string Tools, string Refusal) Finishes => ("end_turn", "max_tokens", "tool_use", "refusal");

    public override string Stop(string text) => $"\"stop_sequences\":[{Quote(text)}]";

    public override string Tools(params string[] names) => $"\"tools\":[{string.Join(',', names.Select(n => $$"""{"name":"{{n}}","input_schema":""" + Schema + "}"))}]";

    protected override string Path(bool stream, string model) => "/v1/messages";

    protected override void AddHeaders(HttpRequestMessage request) => request.Headers.Add("anthropic-version", "2023-06-01");

    // The obligatory max_tokens stands first, so that a later one counts.
    protected override string Body(bool stream, Turn[] turns, string model) =>
        $"\"max_tokens\":4096,\"model\":{Quote(model)}," + (stream ? "\"stream\":true," : "")
        + $"\"messages\":[{string.Join(',', turns.Select(t => $$"""{"role":"{{t.Role}}","content":{{Quote(t.Text)}}}"""))}]";

    protected override void Absorb(Seen seen, JsonElement json, bool plain)
    {
        switch (json.GetProperty("type").GetString())
        {
            case "message":
                Blocks(seen, json.GetProperty("content"));
                Stop(seen, json);
                Usage(seen, json);
                break;
            case "message_start":
                Usage(seen, json.GetProperty("message"));
                break;
            case "content_block_start" when json.GetProperty("content_block") is var block && block.GetProperty("type").GetString() == "tool_use":
                seen.AddCall(json.GetProperty("index").GetInt32(), block.GetProperty("name").GetString(), "");
                break;
            case "content_block_delta":
                Delta(seen, json.GetProperty("index").GetInt32(), json.GetProperty("delta"));
                break;
            case "message_delta":
                Stop(seen, json.GetProperty("delta"));
                Usage(seen, json);
                break;
            case "message_stop":
                seen.EndMark = true;
                break;
            case "error":
                seen.Error = ErrorOf(json);
                break;
        }
    }

    private static void Blocks(Seen seen, JsonElement content)
    {
        foreach (var block in content.EnumerateArray())
        {
            switch (block.GetProperty("type").GetString())
            {
                case "text":
                    seen.AddText(block.GetProperty("text").GetString());
                    break;
                case "thinking":
                    seen.Thinking += block.GetProperty("thinking").GetString();
                    break;
                case "tool_use":
                    seen.AddCall(seen.Calls.Count, block.GetProperty("name").GetString(), block.GetProperty("input").GetRawText());
                    break;
            }
        }
    }

    private static void Delta(Seen seen, int index, JsonElement delta)
    {
        switch (delta.GetProperty("type").GetString())
        {
            case "text_delta":
                seen.AddText(delta.GetProperty("text").GetString());
                break;
            case "thinking_delta":
                seen.Thinking += delta.GetProperty("thinking").GetString();
                break;
            case "input_json_delta":
                seen.AddCall(index, "", delta.GetProperty("partial_json").GetString());
                break;
        }
    }

    private static void Stop(Seen seen, JsonElement json) => seen.Finish = json.GetProperty("stop_reason").GetString();

    private static void Usage(Seen seen, JsonElement json)
    {
        if (json.TryGetProperty("usage", out var usage))
        {
            seen.InputTokens = usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("cache_read_input_tokens").GetInt32() + usage.GetProperty("cache_creation_input_tokens").GetInt32();
            seen.OutputTokens = usage.GetProperty("output_tokens").GetInt32();
        }
    }
}
