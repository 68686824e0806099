using System.Globalization;
using System.Text.Json;

namespace Relay.Simulation.Provider;

/// <summary>What a provider was asked, read from the body that reached it.</summary>
internal sealed record Asked
{
    /// <summary>The number of the request.</summary>
    public required int Question { get; init; }

    /// <summary>How many words each choice has.</summary>
    public required int Words { get; init; }

    /// <summary>The model's name there.</summary>
    public required string Model { get; init; }

    /// <summary>It asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>It asks for usage.</summary>
    public required bool IncludeUsage { get; init; }

    /// <summary>What it asks for.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The answer so far, in a message of the assistant's; null when there is none.</summary>
    public string? SoFar { get; init; }

    /// <summary>Another message follows the answer so far: it asks for more in words.</summary>
    public bool AsksForMore { get; init; }

    /// <summary>Reads a body.</summary>
    public static Asked Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var messages = root.GetProperty("messages");
        var question = messages[0].GetProperty("content").GetString()!.Split(' ');
        var assistant = messages.EnumerateArray().LastOrDefault(m => m.GetProperty("role").ValueEquals("assistant"));
        return new()
        {
            Question = int.Parse(question[0], CultureInfo.InvariantCulture),
            Words = int.Parse(question[1], CultureInfo.InvariantCulture),
            Model = root.GetProperty("model").GetString()!,
            Stream = root.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
            IncludeUsage = root.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean(),
            Shape = root.TryGetProperty("n", out _) ? Shape.TwoChoices
                : root.TryGetProperty("tools", out _) ? Shape.Tool
                : root.TryGetProperty("response_format", out _) ? Shape.Json
                : Shape.Text,
            SoFar = assistant.ValueKind == JsonValueKind.Object ? assistant.GetProperty("content").GetString() : null,
            AsksForMore = !messages[messages.GetArrayLength() - 1].GetProperty("role").ValueEquals("assistant") && assistant.ValueKind == JsonValueKind.Object,
        };
    }

    /// <summary>The right answer.</summary>
    public string Text(int choice) => Answer.Text(Question, choice, Words);
}
