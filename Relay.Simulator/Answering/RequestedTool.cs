using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A tool that a request offers, with the schema of its parameters (undefined for none).</summary>
internal sealed record RequestedTool(string Name, JsonElement Parameters);

/// <summary>What a request says about calling tools.</summary>
/// <param name="Offered">The tools in their order, those that may not be called left out.</param>
/// <param name="Required">A tool must be called.</param>
/// <param name="Parallel">Several may be called at once.</param>
internal readonly record struct ToolChoice(IReadOnlyList<RequestedTool> Offered, bool Required, bool Parallel = true)
{
    private const int MostCalls = 8;

    /// <summary>The tools that the answer calls: the first when one is required or the last user message says "tool", all when it says "tools".</summary>
    public IReadOnlyList<RequestedTool> Called(Conversation conversation)
    {
        // After a tool's result the model speaks, or an agent would call for ever.
        var wanted = Required || (conversation.LastRole != ConversationRole.Tool && conversation.LastUser.Contains("tool", StringComparison.OrdinalIgnoreCase));
        return Offered.Count == 0 || !wanted ? []
            : Parallel && conversation.LastUser.Contains("tools", StringComparison.OrdinalIgnoreCase) ? [.. Offered.Take(MostCalls)]
            : [Offered[0]];
    }
}
