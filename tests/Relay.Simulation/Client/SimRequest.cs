using System.Globalization;
using System.Text;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Client;

/// <summary>One request of a run: what is asked, and how its client behaves.</summary>
internal sealed record SimRequest
{
    private static readonly AsyncLocal<SimRequest?> Flowing = new();

    /// <summary>The request whose code is running now.</summary>
    public static SimRequest? Current { get => Flowing.Value; set => Flowing.Value = value; }

    /// <summary>Its number.</summary>
    public required int Index { get; init; }

    /// <summary>The gateway that it goes to.</summary>
    public required int Gateway { get; init; }

    /// <summary>The model that it asks for.</summary>
    public required string Model { get; init; }

    /// <summary>When it comes.</summary>
    public required TimeSpan Arrives { get; init; }

    /// <summary>It asks for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>It asks for the usage chunk.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>What it asks for.</summary>
    public Shape Shape { get; init; }

    /// <summary>Words of the answer.</summary>
    public int Words { get; init; }

    /// <summary>How long its client waits; null: to the end.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>The deadline that it sends; null for none.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long its client takes for each piece; zero: no time.</summary>
    public TimeSpan Sluggishness { get; init; }

    /// <summary>After so many bytes its client takes nothing more.</summary>
    public int? StallsAfter { get; init; }

    /// <summary>It comes when all targets have long been well again.</summary>
    public bool IsInTheCalm { get; init; }

    /// <summary>How many choices the answer has.</summary>
    public int Choices => Shape == Shape.TwoChoices ? 2 : 1;

    /// <summary>The right answer.</summary>
    public string Expected(int choice) => Answer.Text(Index, choice, Words);

    /// <summary>Its body.</summary>
    public byte[] Body()
    {
        var more = Shape switch
        {
            Shape.TwoChoices => ",\"n\":2",
            Shape.Tool => ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
            Shape.Json => ",\"response_format\":{\"type\":\"json_object\"}",
            _ => "",
        };
        var stream = !Stream ? "" : IncludeUsage ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : ",\"stream\":true";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"model\":\"{Model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"{Index} {Words}\"}}]{stream}{more}}}"));
    }
}
