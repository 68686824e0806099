using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relay.Simulator;

/// <summary>Reads tools and tool_choice of a Messages request.</summary>
internal static partial class AnthropicTools
{
    public static ToolChoice Read(RequestFields fields, bool thinks)
    {
        var offered = Offered(fields);
        if (fields.Object("tool_choice") is not { } choice)
        {
            return new ToolChoice(offered, Required: false);
        }

        if (fields.Optional("tools") is null)
        {
            throw AnthropicRequest.Invalid("tool_choice may only be specified while providing tools.");
        }

        var type = choice.Required("type");
        var required = type is "any" or "tool";
        if (required && thinks)
        {
            throw AnthropicRequest.Invalid("Thinking may not be enabled when tool_choice forces tool use.");
        }

        var parallel = !choice.Bool("disable_parallel_tool_use");
        return type switch
        {
            "auto" or "any" => new ToolChoice(offered, required, parallel),
            "none" => new ToolChoice([], Required: false),
            "tool" => new ToolChoice(Named(offered, choice.Required("name")), Required: true, parallel),
            _ => throw AnthropicRequest.Invalid($"tool_choice: Input tag '{type}' found using 'type' does not match any of the expected tags: 'any', 'auto', 'none', 'tool'"),
        };
    }

    private static RequestedTool[] Named(List<RequestedTool> offered, string name) =>
        offered.Find(t => t.Name == name) is { } tool ? [tool] : throw AnthropicRequest.Invalid($"Tool '{name}' not found in provided tools");

    private static List<RequestedTool> Offered(RequestFields fields)
    {
        var offered = new List<RequestedTool>();
        if (fields.Array("tools") is not { } tools)
        {
            return offered;
        }

        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object)
            {
                throw new ApiErrorException(AnthropicErrors.Instance.WrongType($"tools.{index}", JsonKind.Object));
            }

            var one = fields with { Json = tool, Path = $"tools.{index}.custom." };

            // Tools of other types, such as web search, run at the provider; the simulator calls none of them.
            if (one.String("type") is null or "custom")
            {
                offered.Add(ReadOne(one));
            }

            index++;
        }

        return offered.DistinctBy(t => t.Name).Count() == offered.Count ? offered : throw AnthropicRequest.Invalid("tools: Tool names must be unique.");
    }

    private static RequestedTool ReadOne(RequestFields tool)
    {
        var name = tool.Required("name");
        if (!NamePattern().IsMatch(name))
        {
            throw AnthropicRequest.Invalid($"{tool.Path}name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
        }

        var schema = tool.Object("input_schema") ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing($"{tool.Path}input_schema"));
        return schema.Required("type") == "object" ? new RequestedTool(name, schema.Json) : throw AnthropicRequest.Invalid($"{schema.Path}type: Input should be 'object'");
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();
}
