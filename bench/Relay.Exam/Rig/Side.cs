namespace Relay.Exam.Rig;

/// <summary>One of the two targets of the exam.</summary>
/// <param name="Name">Its provider's name.</param>
/// <param name="UpstreamModel">What the model is called there; differs, so that an answer shows who gave it.</param>
internal sealed record Side(string Name, string UpstreamModel)
{
    /// <summary>Where the fault is.</summary>
    public static Side Primary { get; } = new("primary", "gpt-primary");

    /// <summary>What stands in for it.</summary>
    public static Side Fallback { get; } = new("fallback", "gpt-fallback");

    /// <summary>The target's name.</summary>
    public string Target => $"{Name}/{UpstreamModel}";
}
