using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads tools and toolConfig of a generateContent request.</summary>
internal static class GeminiTools
{
    private static readonly HashSet<string> Known =
    [
        "functionDeclarations", "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext", "computerUse", "fileSearch", "googleMaps", "mcpServers",
    ];

    private static readonly HashSet<string> KnownFunction = ["name", "description", "behavior", "parameters", "parametersJsonSchema", "response", "responseJsonSchema"];

    public static ToolChoice Read(RequestFields fields)
    {
        var offered = Offered(fields);
        var calling = fields.Object("toolConfig")?.Object("functionCallingConfig");
        var allowed = calling?.Strings("allowedFunctionNames") ?? [];
        var mode = calling?.String("mode");
        if (allowed.Length > 0 && mode is not ("ANY" or "VALIDATED"))
        {
            throw GeminiRequest.Invalid("Function calling config is set without function_declarations: allowed_function_names should only be set when mode is ANY or VALIDATED.");
        }

        if (Array.Find(allowed, name => !offered.Exists(t => t.Name == name)) is { } unknown)
        {
            throw GeminiRequest.Invalid($"* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: {unknown} is not in function_declarations\n");
        }

        return mode switch
        {
            null or "AUTO" or "VALIDATED" or "MODE_UNSPECIFIED" => new ToolChoice(Allowed(), Required: false),
            "ANY" => new ToolChoice(Allowed(), Required: true),
            "NONE" => new ToolChoice([], Required: false),
            _ => throw GeminiRequest.Invalid($"Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), \"{mode}\"", "tool_config.function_calling_config.mode"),
        };

        List<RequestedTool> Allowed() => allowed.Length == 0 ? offered : offered.FindAll(t => allowed.Contains(t.Name));
    }

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
            var path = $"tools[{index++}]";
            var one = tool.ValueKind == JsonValueKind.Object ? fields with { Json = tool, Path = path + "." } : throw new ApiErrorException(GeminiErrors.Instance.WrongType(path, JsonKind.Object));
            GeminiNames.Check(tool, Known, path);
            var function = 0;
            foreach (var declaration in one.Array("functionDeclarations")?.EnumerateArray() ?? default)
            {
                offered.Add(ReadFunction(fields, declaration, $"{path}.function_declarations[{function++}]"));
            }
        }

        return offered;
    }

    private static RequestedTool ReadFunction(RequestFields fields, JsonElement declaration, string path)
    {
        var function = declaration.ValueKind == JsonValueKind.Object ? fields with { Json = declaration, Path = path + "." } : throw new ApiErrorException(GeminiErrors.Instance.WrongType(path, JsonKind.Object));
        GeminiNames.Check(declaration, KnownFunction, path);
        var name = function.String("name");
        if (string.IsNullOrEmpty(name) || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'))
        {
            throw GeminiRequest.Invalid($"* GenerateContentRequest.{path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n");
        }

        if (function.Optional("parameters") is { } schema)
        {
            GeminiSchema.Check(schema, $"{path}.parameters");
        }

        return new RequestedTool(name, function.Optional("parametersJsonSchema") ?? function.Optional("parameters") ?? default);
    }
}
