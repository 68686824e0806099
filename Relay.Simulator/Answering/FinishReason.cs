namespace Relay.Simulator;

/// <summary>Why an answer ends. Each dialect has its own words for it.</summary>
internal enum FinishReason
{
    Stop,
    StopSequence,
    Length,
    ToolCalls,
    Refusal,
}
