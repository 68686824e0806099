namespace Relay.Simulator.Tests.Dialects;

/// <summary>Requests that the real API refuses, in its words: https://ai.google.dev/gemini-api/docs/troubleshooting.</summary>
public class GeminiBadInputTests
{
    private const string User = """{"role":"user","parts":[{"text":"x"}]}""";
    private const string Calls = """{"role":"model","parts":[{"functionCall":{"name":"a","args":{}}},{"functionCall":{"name":"b","args":{}}}]}""";

    [Theory]
    [InlineData("{", "Invalid JSON payload received.")]
    [InlineData("[]", "Invalid JSON payload received.")]
    [InlineData("{}", "* GenerateContentRequest.contents: contents is not specified")]
    [InlineData("""{"contents":[]}""", "contents is not specified")]
    [InlineData("""{"contents":"x"}""", "Invalid value at 'contents' (TYPE_LIST)")]
    [InlineData("""{"contents":[1]}""", "Invalid value at 'contents[0]' (TYPE_MESSAGE)")]
    [InlineData("""{"contents":[{"role":"assistant","parts":[{"text":"x"}]}]}""", "Please use a valid role: user, model.")]
    [InlineData("""{"contents":[{"role":"user"}]}""", "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.")]
    [InlineData("""{"contents":[{"parts":[{}]}]}""", "contents[0].parts[0].data: required oneof field 'data' must have one initialized field")]
    [InlineData("""{"contents":[{"parts":[{"type":"text","text":"x"}]}]}""", "Unknown name \"type\" at 'contents[0].parts[0]': Cannot find field.")]
    [InlineData("""{"contents":[{"content":"x"}]}""", "Unknown name \"content\" at 'contents[0]': Cannot find field.")]
    [InlineData("""{"contents":[{"parts":[{"text":1}]}]}""", "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING)")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"data":"aGk="}}]}]}""", "mime_type is required")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"?"}}]}]}""", "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed")]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"response":{}}}]}]}""", "function_response.name: Name cannot be empty.")]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"name":"a","response":"x"}}]}]}""", "function_response.response")]
    public async Task Body_Wrong_Is400(string body, string message) => await RefusedAsync(body, message.Replace("function_response.response", "response", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"messages\":[]", "Unknown name \"messages\": Cannot find field.")]
    [InlineData("\"generationConfig\":{\"maxTokens\":5}", "Unknown name \"maxTokens\" at 'generation_config': Cannot find field.")]
    [InlineData("\"generationConfig\":{\"temperature\":3}", "generationConfig.temperature must be in the range [0, 2]")]
    [InlineData("\"generationConfig\":{\"maxOutputTokens\":0}", "generationConfig.maxOutputTokens must be in the range")]
    [InlineData("\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":5,\"thinkingLevel\":\"LOW\"}}", "You can only set only one of thinking budget and thinking level.")]
    [InlineData("\"generationConfig\":{\"responseSchema\":{\"type\":\"object\",\"additionalProperties\":false}}", "Unknown name \"additionalProperties\" at 'generation_config.response_schema': Cannot find field.")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "Unknown name \"type\" at 'tools[0]': Cannot find field.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"strict\":true}]}]", "Unknown name \"strict\" at 'tools[0].function_declarations[0]': Cannot find field.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"1 a\"}]}]", "Invalid function name.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"parameters\":{\"$schema\":\"x\"}}]}]", "Unknown name \"$schema\" at 'tools[0].function_declarations[0].parameters': Cannot find field.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"parameters\":{\"type\":\"object\",\"properties\":{\"p\":{\"anyOf\":[{\"const\":1}]}}}}]}]", "Unknown name \"const\" at 'tools[0].function_declarations[0].parameters.properties[0].value.any_of[0]': Cannot find field.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"parameters\":{\"type\":[\"string\",\"null\"]}}]}]", "Proto field is not repeating, cannot start list.")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"parameters\":{\"type\":\"text\"}}]}]", "Invalid value at 'tools[0].function_declarations[0].parameters.type'")]
    [InlineData("\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"required\"}}", "Invalid value at 'tool_config.function_calling_config.mode'")]
    [InlineData("\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\"}]}],\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"z\"]}}", "z is not in function_declarations")]
    [InlineData("\"toolConfig\":{\"functionCallingConfig\":{\"allowedFunctionNames\":[\"z\"]}}", "allowed_function_names should only be set when mode is ANY")]
    public async Task Field_Wrong_Is400(string field, string message) => await RefusedAsync($$"""{"contents":[{{User}}],{{field}}}""", message);

    [Theory]
    [InlineData(User + "," + Calls, "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")]
    [InlineData(User + "," + Calls + """,{"role":"user","parts":[{"functionResponse":{"name":"a","response":{}}}]}""", "number of function response parts is equal")]
    [InlineData(User + "," + Calls + "," + User, "number of function response parts is equal")]
    [InlineData("""{"role":"user","parts":[{"functionResponse":{"name":"a","response":{}}}]}""", "function response turn comes immediately after a function call turn")]
    [InlineData(Calls, "function call turn comes immediately after a user turn or after a function response turn")]
    public async Task Turns_Wrong_Is400(string contents, string message) => await RefusedAsync($$"""{"contents":[{{contents}}]}""", message);

    [Theory]
    [InlineData("POST", "/v1beta/models/gemini-x:embedThings", "gemini-x is not found for API version v1beta, or is not supported for embedThings.")]
    [InlineData("GET", "/v1beta/nowhere", "Requested entity was not found.")]
    [InlineData("POST", "/v1beta/models/x", "Requested entity was not found.")]
    public async Task Path_Unknown_Is404(string method, string path, string message)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var error = new GeminiTongue(array: false).ErrorOf(await sim.ReadJsonAsync(response));
        Assert.Equal((404, "NOT_FOUND"), ((int)response.StatusCode, error.Type));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_Unknown_IsNamedInTheDetails()
    {
        await using var sim = await Sim.StartAsync();
        var body = await sim.JsonAsync($$"""{"contents":[{{User}}],"generationConfig":{"n":2} }""", "/v1beta/models/m:generateContent");
        Assert.Equal("generation_config", body.GetProperty("error").GetProperty("details")[0].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task CountTokens_FieldsOfAGeneration_AreUnknown()
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync($$"""{"contents":[{{User}}],"generationConfig":{} }""", "/v1beta/models/m:countTokens");
        Assert.Equal(400, (int)response.StatusCode);
    }

    private static async Task RefusedAsync(string body, string message)
    {
        await using var sim = await Sim.StartAsync();
        using var response = await sim.PostAsync(body, "/v1beta/models/gemini-x:generateContent");
        var error = new GeminiTongue(array: false).ErrorOf(await sim.ReadJsonAsync(response));
        Assert.Equal((400, "INVALID_ARGUMENT"), ((int)response.StatusCode, error.Type));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        var entry = await sim.Server.Log.WaitForAsync(e => e.EndedAt is not null, sim.Limit);
        Assert.Equal((RequestEnding.Completed, "gemini-x"), (entry.Ending, entry.Model));
    }
}
