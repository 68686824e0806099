using Relay.Simulator;

namespace Relay.Exam.Rig;

/// <summary>How a row is sat. As it stands: true timings and default settings.</summary>
internal sealed record ExamSettings
{
    /// <summary>The clock of gateway and simulators.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Lets time pass between requests; null waits on <see cref="Time"/>.</summary>
    public Func<TimeSpan, Task>? Pause { get; init; }

    /// <summary>Fields of the model in relay.json that are not at their default, such as <c>"timeouts": { "idle": "1s" }</c>; empty for none.</summary>
    public string Model { get; init; } = "";

    /// <summary>How long an answer may take, instead of what the row says; for settings that make the gateway quicker.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>How fast the simulators speak.</summary>
    public LatencyOptions Pace { get; init; } = LatencyOptions.None;

    /// <summary>What the primary speaks.</summary>
    public ExamDialect Primary { get; init; } = ExamDialect.OpenAi;

    /// <summary>What the fallback speaks.</summary>
    public ExamDialect Fallback { get; init; } = ExamDialect.OpenAi;
}
