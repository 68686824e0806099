using System.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>The whole answer to a request, decided before its first byte and in no dialect's form.</summary>
/// <param name="Choices">At least one.</param>
/// <param name="Thinking">The thoughts that stand before the answer, empty where only their signature does; null for none.</param>
/// <param name="Usage">What it costs.</param>
internal sealed record AnswerPlan(PlannedChoice[] Choices, AnswerPieces? Thinking, Usage Usage)
{
    public static AnswerPlan Of(Exchange exchange, ChatRequest request)
    {
        var choices = new PlannedChoice[request.Choices];
        var words = 0;
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = Choice(exchange, request, i);
            words += choices[i].Count;
        }

        var usage = Usage.Of(exchange.Options, request, words);
        var thinking = usage.Reasoning == 0 || request.Thoughts < Thoughts.Signed ? null
            : AnswerPieces.Of(request.Thoughts == Thoughts.Signed ? "" : Answers.Thinking(exchange.Options, request.Conversation.FirstUser, request.Model));
        return new AnswerPlan(choices, thinking, usage);
    }

    private static PlannedChoice Choice(Exchange exchange, ChatRequest request, int index)
    {
        var options = exchange.Options;
        var refusal = exchange.Fault?.Kind == FaultKind.RefusalAfter ? exchange.Fault : null;
        var seed = Answers.Hash(options.Seed, request.Conversation.FirstUser, options.SameAnswerForEveryModel ? "" : request.Model, index);
        if (request.Tools.Count > 0 && refusal is null)
        {
            return new PlannedChoice(index, [.. request.Tools.Select((tool, i) => Call(tool, i == 0 ? seed : SplitMix64.Mix(seed, (ulong)i)))], FinishReason.ToolCalls);
        }

        var pieces = request.JsonSchema is { } schema
            ? AnswerPieces.Of(JsonText(options, request, schema, seed, index))
            : exchange.State.Cache.Get(request.Conversation.FirstUser, request.Model, index);
        pieces = Continued(pieces, request.Conversation);
        var stop = EarliestStop(pieces.Text, request.StopSequences, out var stopAt);
        if (stop is not null)
        {
            pieces = AnswerPieces.Of(pieces.Text[..stopAt]);
        }

        return refusal is not null ? Cut(refusal.Words, FinishReason.Refusal)
            : request.MaxTokens is { } max && max < pieces.Count ? Cut(max, FinishReason.Length)
            : new PlannedChoice(index, [new PlannedBlock(pieces, pieces.Count)], stop is null ? FinishReason.Stop : FinishReason.StopSequence, stop);

        PlannedChoice Cut(int count, FinishReason reason) => new(index, [new PlannedBlock(pieces, Math.Min(count, pieces.Count))], reason);
    }

    private static PlannedBlock Call(RequestedTool tool, ulong seed)
    {
        var arguments = AnswerPieces.Of(tool.Parameters.ValueKind == JsonValueKind.Object ? SchemaSample.Text(tool.Parameters, seed) : "{}");
        return new PlannedBlock(arguments, arguments.Count, new ToolCall($"{seed:x16}", tool.Name));
    }

    private static AnswerPieces Continued(AnswerPieces pieces, Conversation conversation) =>
        conversation.PartialAnswer is { Length: > 0 } partial && pieces.Text.StartsWith(partial, StringComparison.Ordinal)
            && (conversation.Prefill || partial.Length < pieces.Text.Length)
            ? AnswerPieces.Of(pieces.Text[partial.Length..])
            : pieces;

    private static string? EarliestStop(string text, IReadOnlyList<string> sequences, out int at)
    {
        string? found = null;
        at = text.Length;
        foreach (var sequence in sequences)
        {
            if (text.IndexOf(sequence, StringComparison.Ordinal) is >= 0 and var index && index < at)
            {
                (found, at) = (sequence, index);
            }
        }

        return found;
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
