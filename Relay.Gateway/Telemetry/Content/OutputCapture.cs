using System.Text;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>
/// Gathers what an answer says, from its plain body or from the chunks of its stream, in OpenAI's form or in Anthropic's. Only for
/// requests that are sampled, where content is switched on; it keeps <see cref="MessageWriter.MaxBytes"/> at most.
/// </summary>
internal sealed class OutputCapture
{
    private const int MaxChoices = 16;

    private readonly List<OutputMessage> _choices = [];
    private int _characters;

    /// <summary>Something was not kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>A new attempt begins; nothing of the one before was sent.</summary>
    public void Restart()
    {
        _choices.Clear();
        (_characters, IsCut) = (0, false);
    }

    /// <summary>Reads an answer, a chunk or an event.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data.ToArray(), new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
            Add(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair, or no JSON: what can be read of the answer is in the other chunks.
            IsCut = true;
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="to">Receives the messages.</param>
    /// <param name="sent">The text of a rescued stream as it was sent, in place of what its attempts said; else null.</param>
    public void Write(MessageWriter to, string? sent)
    {
        if (sent is not null)
        {
            if (to.TryBegin("assistant"))
            {
                to.Part("text", sent);
                to.End(_choices.Count > 0 ? _choices[0].FinishReason ?? "" : "");
            }

            return;
        }

        foreach (var choice in _choices)
        {
            if (!to.TryBegin("assistant"))
            {
                return;
            }

            choice.Write(to);
            to.End(choice.FinishReason ?? "");
        }
    }

    private void Add(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (root.TryGetProperty("choices"u8, out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            foreach (var choice in choices.EnumerateArray())
            {
                AddChoice(choice);
            }
        }
        else if (root.TryGetProperty("content"u8, out var blocks) && blocks.ValueKind == JsonValueKind.Array)
        {
            AddBlocks(root, blocks);
        }
        else
        {
            AddEvent(root);
        }
    }

    private void AddChoice(JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object || At(choice) is not { } message)
        {
            return;
        }

        message.FinishReason = choice.Text("finish_reason") ?? message.FinishReason;
        if ((choice.TryGetProperty("delta"u8, out var said) || choice.TryGetProperty("message"u8, out said)) && said.ValueKind == JsonValueKind.Object)
        {
            Keep(message.Reasoning, said.Text("reasoning_content") ?? said.Text("reasoning"));
            Keep(message.Text, said.Text("content") ?? said.Text("refusal"));
            AddCalls(message, said);
        }
    }

    private void AddCalls(OutputMessage message, JsonElement said)
    {
        if (!said.TryGetProperty("tool_calls"u8, out var calls) || calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var place = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var function = call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function"u8, out var f) ? f : default;
            Call(message, IndexOf(call, place++), call.Text("id"), function.Text("name"), function.Text("arguments"));
        }
    }

    private void AddBlocks(JsonElement root, JsonElement blocks)
    {
        var message = At(default)!;
        message.FinishReason = root.Text("stop_reason");
        var place = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            AddBlock(message, block, place++, block.ValueKind == JsonValueKind.Object && block.TryGetProperty("input"u8, out var input) ? input.GetRawText() : null);
        }
    }

    private void AddBlock(OutputMessage message, JsonElement block, int place, string? input)
    {
        Keep(message.Reasoning, block.Text("thinking"));
        Keep(message.Text, block.Text("text"));
        if (block.Text("type") == "tool_use")
        {
            Call(message, place, block.Text("id"), block.Text("name"), input);
        }
    }

    private void AddEvent(JsonElement root)
    {
        var message = At(default)!;
        if (root.TryGetProperty("content_block"u8, out var block))
        {
            AddBlock(message, block, IndexOf(root, 0), input: null);
        }
        else if (root.TryGetProperty("delta"u8, out var delta))
        {
            message.FinishReason = delta.Text("stop_reason") ?? message.FinishReason;
            Keep(message.Reasoning, delta.Text("thinking"));
            Keep(message.Text, delta.Text("text"));
            if (delta.Text("partial_json") is { } json)
            {
                Call(message, IndexOf(root, 0), null, null, json);
            }
        }
    }

    private void Call(OutputMessage message, int index, string? id, string? name, string? arguments)
    {
        if (message.CallAt(index) is { } call)
        {
            call.Id ??= id;
            call.Name ??= name;
            Keep(call.Arguments, arguments);
        }
        else
        {
            IsCut = true;
        }
    }

    private OutputMessage? At(JsonElement choice)
    {
        var index = IndexOf(choice, 0);
        if (index is < 0 or >= MaxChoices)
        {
            IsCut = true;
            return null;
        }

        while (_choices.Count <= index)
        {
            _choices.Add(new());
        }

        return _choices[index];
    }

    private void Keep(StringBuilder to, string? text)
    {
        if (text is null)
        {
            return;
        }

        var length = Math.Min(text.Length, MessageWriter.MaxBytes - _characters);
        if (length < text.Length)
        {
            IsCut = true;
            length -= length > 0 && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        }

        to.Append(text.AsSpan(0, length));
        _characters += length;
    }

    private static int IndexOf(JsonElement element, int otherwise) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("index"u8, out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var i) ? i : otherwise;
}
