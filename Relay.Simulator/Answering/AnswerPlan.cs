using System.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A call of a tool. Its arguments are the choice's pieces.</summary>
internal sealed record ToolCall(string Id, string Name);

/// <summary>What one choice will say: the first <paramref name="Count"/> pieces, and why it ends there.</summary>
internal sealed record PlannedChoice(int Index, AnswerPieces Pieces, int Count, string FinishReason, ToolCall? Tool)
{
    public string Text => Pieces.Take(Count);
}

/// <summary>The whole answer to a request, decided before its first byte.</summary>
internal sealed record AnswerPlan(PlannedChoice[] Choices, Usage Usage)
{
    public static AnswerPlan Of(SimulatorOptions options, AnswerCache cache, ChatRequest request)
    {
        var choices = new PlannedChoice[request.Choices];
        var words = 0;
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = Choice(options, cache, request, i);
            words += choices[i].Count;
        }

        return new AnswerPlan(choices, Usage.Of(options, request, words));
    }

    private static PlannedChoice Choice(SimulatorOptions options, AnswerCache cache, ChatRequest request, int index)
    {
        var conversation = request.Conversation;
        var seed = Answers.Hash(options.Seed, conversation.FirstUser, options.SameAnswerForEveryModel ? "" : request.Model, index);
        if (request.Tool is { } tool)
        {
            var arguments = AnswerPieces.Of(tool.Parameters.ValueKind == JsonValueKind.Object ? SchemaSample.Text(tool.Parameters, seed) : "{}");
            return new PlannedChoice(index, arguments, arguments.Count, "tool_calls", new ToolCall($"call_{seed:x16}", tool.Name));
        }

        var pieces = request.JsonSchema is { } schema
            ? AnswerPieces.Of(JsonText(options, request, schema, seed, index))
            : cache.Get(conversation.FirstUser, request.Model, index);
        if (conversation.PartialAnswer is { Length: > 0 } partial && pieces.Text.StartsWith(partial, StringComparison.Ordinal)
            && (conversation.Prefill || partial.Length < pieces.Text.Length))
        {
            pieces = AnswerPieces.Of(pieces.Text[partial.Length..]);
        }

        return request.MaxTokens is { } max && max < pieces.Count
            ? new PlannedChoice(index, pieces, max, "length", null)
            : new PlannedChoice(index, pieces, pieces.Count, "stop", null);
    }

    private static string JsonText(SimulatorOptions options, ChatRequest request, JsonElement schema, ulong seed, int index)
    {
        if (schema.ValueKind == JsonValueKind.Object)
        {
            return SchemaSample.Text(schema, seed);
        }

        using var buffer = new PooledBytes();
        using (var json = new Utf8JsonWriter(buffer, PooledBytes.JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("answer"u8, Answers.Text(options, request.Conversation.FirstUser, request.Model, choice: index));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
