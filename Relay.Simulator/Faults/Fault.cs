namespace Relay.Simulator;

/// <summary>One scripted fault, immutable. Its text form (<see cref="Parse"/>, <see cref="ToString"/>) is shared by tests, command line and control endpoint.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The HTTP status of <see cref="FaultKind.Status"/>, 400 to 599.</summary>
    public int Status { get; init; }

    /// <summary>The error's code, one of OpenAI's, instead of the status's usual one. Other dialects say the same in their words.</summary>
    public string? Code { get; init; }

    /// <summary>The error's type (Gemini: its status, such as UNAVAILABLE), instead of the usual one.</summary>
    public string? Type { get; init; }

    /// <summary>What Retry-After says; null sends none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How Retry-After is said.</summary>
    public RetryAfterForm RetryAfterForm { get; init; }

    /// <summary>When the rate-limit headers of a 429, or of <see cref="FaultKind.LimitReached"/>, say that the limit is whole again; null says the same as <see cref="RetryAfter"/>, or one second.</summary>
    public TimeSpan? LimitReset { get; init; }

    /// <summary>The error in a stream comes as bare JSON, without the event's framing.</summary>
    public bool Raw { get; init; }

    /// <summary>After how many words the fault happens (cut, stall, malformed event, error in stream, huge line, refusal).</summary>
    public int Words { get; init; }

    /// <summary>The length of the huge line, in bytes.</summary>
    public int Bytes { get; init; }

    /// <summary>How long a silence, stall or first token takes; null is until the client leaves.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The factor of <see cref="FaultKind.Slow"/>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>How a cut or pause ends.</summary>
    public FaultEnd End { get; init; }

    /// <summary>How often the fault happens; null is for ever.</summary>
    public int? Times { get; init; }

    /// <summary>Requests let through before the first.</summary>
    public int After { get; init; }

    /// <summary>How long the fault is active, from when it was put into the book; null is for ever.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>The share of requests that are hit, 0 to 1, drawn from the simulator's seed.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only requests with exactly this credential are hit; null is any. No comma in it.</summary>
    public string? Key { get; init; }

    /// <summary>Flapping: this many requests are hit, then <see cref="FlapGood"/> are not, repeated; 0 does not flap.</summary>
    public int FlapBad { get; init; }

    /// <summary>See <see cref="FlapBad"/>.</summary>
    public int FlapGood { get; init; }

    /// <summary>Reads a fault's text form, for instance <c>status=429,retry-after=2,times=1</c>.</summary>
    /// <exception cref="FormatException">The text is wrong; the message says where and lists what exists.</exception>
    public static Fault Parse(string text) => FaultText.Parse(text);

    /// <summary>As <see cref="Parse"/>, with the problem as a result.</summary>
    public static bool TryParse(string text, out Fault? fault, out string? problem)
    {
        try
        {
            (fault, problem) = (FaultText.Parse(text), null);
            return true;
        }
        catch (FormatException e)
        {
            (fault, problem) = (null, e.Message);
            return false;
        }
    }

    /// <summary>The text form; parsing it gives an equal fault.</summary>
    public override string ToString() => FaultText.Format(this);
}
