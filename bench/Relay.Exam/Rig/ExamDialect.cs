namespace Relay.Exam.Rig;

/// <summary>What a provider of the exam speaks, as relay.json says it. Clients speak OpenAI's API whatever it is.</summary>
/// <param name="Name">The value of <c>dialect</c>.</param>
/// <param name="BasePath">What stands behind the simulator's address in <c>baseUrl</c>.</param>
internal sealed record ExamDialect(string Name, string BasePath)
{
    /// <summary>OpenAI's HTTP API.</summary>
    public static ExamDialect OpenAi { get; } = new("openai", "/v1");

    /// <summary>Anthropic's Messages.</summary>
    public static ExamDialect Anthropic { get; } = new("anthropic", "/v1");

    /// <summary>Google's generateContent.</summary>
    public static ExamDialect Gemini { get; } = new("gemini", "/v1beta");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExamDialect> All { get; } = [OpenAi, Anthropic, Gemini];

    /// <summary>It speaks as clients do, so that what it says can be compared with what they see.</summary>
    public bool IsTheClients => this == OpenAi;
}
