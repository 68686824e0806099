using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>
/// Writes a typed request as the chat completions request that it stands for: the form that the pipeline reads. What
/// <c>protos/relay/v1/chat.proto</c> calls needed or refused is checked here; everything else is for the provider to judge, as over HTTP.
/// </summary>
internal static class ChatRequestJson
{
    /// <summary>The names that have a place of their own, and those that only Relay may set.</summary>
    private static readonly FrozenSet<string> Taken = FrozenSet.Create(
        "model", "messages", "temperature", "top_p", "max_completion_tokens", "stop", "seed", "frequency_penalty", "presence_penalty", "n", "tools",
        "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "user", "stream", "stream_options");

    /// <summary>Writes it; null with an error when it cannot be served.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stream">It asks for a stream.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="error">What is wrong with it; otherwise null.</param>
    public static PooledBody? Write(ChatRequest request, bool stream, long limit, out RelayError? error)
    {
        using var body = new BodyWriter(limit);
        error = null;
        try
        {
            using (var json = new Utf8JsonWriter(body, JsonFields.Writing))
            {
                WriteRequest(json, request, stream);
            }

            return body.Detach();
        }
        catch (RefusedException e)
        {
            error = e.Error;
        }
        catch (BodyTooLargeException)
        {
            error = new(ErrorKind.TooLarge, string.Create(
                CultureInfo.InvariantCulture,
                $"The request is larger than {limit} bytes (limits.maxRequestBodyBytes) as JSON, in which images count in base64. Send less, or refer to large images by URL."));
        }

        return null;
    }

    private static void WriteRequest(Utf8JsonWriter json, ChatRequest request, bool stream)
    {
        json.WriteStartObject();
        if (request.Model.Length > 0)
        {
            json.WriteString("model"u8, request.Model);
        }

        json.WriteStartArray("messages"u8);
        for (var i = 0; i < request.Messages.Count; i++)
        {
            ChatMessageJson.Write(json, request.Messages[i], i);
        }

        json.WriteEndArray();
        if (stream)
        {
            json.WriteBoolean("stream"u8, true);
        }

        WriteOptions(json, request);
        ChatToolJson.Write(json, request);
        StructJson.WriteMembers(json, request.Extra, Taken, "extra");
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatRequest request)
    {
        WriteNumber(json, "temperature", request.HasTemperature, request.Temperature);
        WriteNumber(json, "top_p", request.HasTopP, request.TopP);
        WriteNumber(json, "frequency_penalty", request.HasFrequencyPenalty, request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.HasPresencePenalty, request.PresencePenalty);
        WriteCount(json, "max_completion_tokens", request.HasMaxCompletionTokens, request.MaxCompletionTokens);
        WriteCount(json, "n", request.HasN, request.N);
        if (request.HasSeed)
        {
            json.WriteNumber("seed"u8, request.Seed);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var text in request.Stop)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        if (request.HasReasoningEffort)
        {
            json.WriteString("reasoning_effort"u8, request.ReasoningEffort);
        }

        if (request.HasUser)
        {
            json.WriteString("user"u8, request.User);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, bool isSet, double value)
    {
        if (isSet)
        {
            json.WriteNumber(name, double.IsFinite(value) ? value : throw new RefusedException(name, $"\"{name}\" must be a finite number."));
        }
    }

    private static void WriteCount(Utf8JsonWriter json, string name, bool isSet, int value)
    {
        if (isSet)
        {
            json.WriteNumber(name, value >= 1 ? value : throw new RefusedException(name, $"\"{name}\" must be at least 1."));
        }
    }
}
