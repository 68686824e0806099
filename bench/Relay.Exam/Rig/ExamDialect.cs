namespace Relay.Exam.Rig;

/// <summary>What a provider of the exam speaks, as relay.json says it.</summary>
/// <param name="Name">The value of <c>dialect</c>.</param>
/// <param name="BasePath">What stands behind the simulator's address in <c>baseUrl</c>.</param>
internal sealed record ExamDialect(string Name, string BasePath)
{
    /// <summary>OpenAI's HTTP API.</summary>
    public static ExamDialect OpenAi { get; } = new("openai", "/v1");
}
