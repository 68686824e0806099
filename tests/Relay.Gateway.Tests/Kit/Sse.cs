namespace Relay.Gateway.Tests.Kit;

/// <summary>Events of a chat completion stream, as a provider writes them.</summary>
internal static class Sse
{
    public const string Done = "data: [DONE]\n\n";

    public const string Usage =
        """data: {"id":"c1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""" + "\n\n";

    public const string Role = """data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";

    public static string Text(string text, int index = 0) => Delta($$"""{"content":"{{text}}"}""", index);

    public static string Delta(string delta, int index = 0) =>
        $$"""data: {"id":"c1","choices":[{"index":{{index}},"delta":{{delta}},"finish_reason":null}]}""" + "\n\n";

    public static string Finish(int index = 0, string reason = "stop", string extra = "") =>
        $$$"""data: {"id":"c1","choices":[{"index":{{{index}}},"delta":{},"finish_reason":"{{{reason}}}"}]{{{extra}}}}""" + "\n\n";

    public static string Error(string message, string? code = null) =>
        $$$"""data: {"error":{"message":"{{{message}}}","type":"server_error","param":null,"code":{{{(code is null ? "null" : $"\"{code}\"")}}}}}""" + "\n\n";
}
