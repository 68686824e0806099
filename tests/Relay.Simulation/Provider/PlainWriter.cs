using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Simulation.Provider;

/// <summary>Writes a plain answer, and the errors of a provider.</summary>
internal static class PlainWriter
{
    /// <summary>A chat completion.</summary>
    public static Script Answer(Asked asked, Quirks quirks, string id, long created, FaultKind fault, TimeSpan wait)
    {
        var encoder = quirks.EscapesAll ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        var choices = Enumerable.Range(0, asked.Shape == Shape.TwoChoices ? 2 : 1).Select(choice =>
        {
            var json = JsonEncodedText.Encode(asked.Text(choice), encoder);
            return asked.Shape == Shape.Tool
                ? $"{{\"index\":{choice},\"message\":{{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{{\"id\":\"call_1\",\"type\":\"function\",\"function\":{{\"name\":\"f\",\"arguments\":\"{json}\"}}}}]}},\"finish_reason\":\"tool_calls\"}}"
                : $"{{\"index\":{choice},\"message\":{{\"role\":\"assistant\",\"content\":\"{json}\"}},\"finish_reason\":\"stop\"}}";
        });
        var prompt = ChunkWriter.PromptTokens(asked);
        var usage = fault == FaultKind.NoUsage ? "" : $",\"usage\":{{\"prompt_tokens\":{prompt},\"completion_tokens\":{asked.Words},\"total_tokens\":{prompt + asked.Words}}}";
        return Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"{id}\",\"object\":\"chat.completion\",\"created\":{created},\"model\":\"{asked.Model}\",\"choices\":[{(fault == FaultKind.Empty ? "" : string.Join(',', choices))}]{usage}}}"),
            wait);
    }

    /// <summary>An error body.</summary>
    public static Script Error(string message, string type, string? code) =>
        Of($"{{\"error\":{{\"message\":\"{message}\",\"type\":\"{type}\",\"param\":null,\"code\":{(code is null ? "null" : $"\"{code}\"")}}}}}", TimeSpan.Zero);

    /// <summary>A body in two parts.</summary>
    public static Script Of(string text, TimeSpan wait)
    {
        var script = new Script();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        script.Writer.Write(bytes[..(bytes.Length / 2)]);
        script.Part(wait);
        script.Writer.Write(bytes[(bytes.Length / 2)..]);
        script.Part(TimeSpan.Zero);
        return script;
    }
}
