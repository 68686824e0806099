using System.Runtime.InteropServices;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>POST /v1/embeddings: strings or token arrays, as floats or base64 (little-endian float32).</summary>
internal static class EmbeddingsEndpoint
{
    // OpenAI's own limit of inputs in one request.
    private const int MaxInputs = 2048;

    public static async Task HandleAsync(Exchange exchange)
    {
        using var body = await Requests.ReadBodyAsync(exchange);
        using var json = Requests.ParseJson(exchange, body.WrittenMemory);
        EmbeddingsRequest request;
        try
        {
            exchange.Dialect.CheckVersion(exchange.Http.Request);
            Requests.CheckKey(exchange);
            request = Read(exchange, json.RootElement);
        }
        catch (ApiErrorException)
        {
            exchange.Log(body.WrittenMemory, Requests.ModelOf(exchange, json.RootElement), stream: false, fault: null);
            throw;
        }

        exchange.Log(body.WrittenMemory, request.Model, stream: false, exchange.TakeFault(request.Model, default));
        if (await EarlyFaults.AppliedAsync(exchange))
        {
            return;
        }

        using var answer = new PooledBytes();
        Write(answer, request, exchange.Options.Seed);
        await PlainAnswer.SendBodyAsync(exchange, answer, exchange.Pace.FirstTokenMs(), request.Words);
    }

    private static EmbeddingsRequest Read(Exchange exchange, JsonElement root)
    {
        var errors = (OpenAiErrors)exchange.Dialect.Errors;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(errors.BadJson);
        }

        var fields = new RequestFields(root, errors);
        var model = OpenAiRequest.ModelOf(fields, exchange.Route.Model);
        var texts = Inputs(fields.Optional("input") ?? throw new ApiErrorException(errors.Missing("input")), errors);
        if (texts.Length is 0 or > MaxInputs)
        {
            throw new ApiErrorException(errors.Wrong($"Invalid 'input': 1 to {MaxInputs} inputs are allowed, but got {texts.Length}.", "input", "invalid_array_length"));
        }

        var base64 = fields.String("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw new ApiErrorException(errors.Wrong($"Invalid value: '{other}'. Supported values are: 'float' and 'base64'.", "encoding_format", "invalid_value")),
        };
        return new EmbeddingsRequest(model, texts, base64, fields.Int("dimensions", 1, Embedding.MaxDimensions) ?? exchange.Options.EmbeddingDimensions);
    }

    private static string[] Inputs(JsonElement input, OpenAiErrors errors) => input.ValueKind switch
    {
        JsonValueKind.String => [input.GetString()!],
        // One array of tokens is one input.
        JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number => [input.GetRawText()],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(item => One(item, errors))],
        _ => throw new ApiErrorException(errors.WrongType("input", JsonKind.StringOrArray)),
    };

    private static string One(JsonElement item, OpenAiErrors errors) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString()!,
        JsonValueKind.Array => item.GetRawText(),
        _ => throw new ApiErrorException(errors.WrongType("input", JsonKind.StringOrArray)),
    };

    private static void Write(PooledBytes answer, EmbeddingsRequest request, int seed)
    {
        using var json = new Utf8JsonWriter(answer, PooledBytes.JsonOptions);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < request.Inputs.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            var vector = Embedding.Vector(seed, request.Inputs[i], request.Dimensions);
            if (request.Base64)
            {
                json.WriteBase64String("embedding"u8, MemoryMarshal.AsBytes<float>(vector));
            }
            else
            {
                json.WriteStartArray("embedding"u8);
                foreach (var value in vector)
                {
                    json.WriteNumberValue(value);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, request.Model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, request.Words);
        json.WriteNumber("total_tokens"u8, request.Words);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private sealed record EmbeddingsRequest(string Model, string[] Inputs, bool Base64, int Dimensions)
    {
        public int Words { get; } = Inputs.Sum(text => text.Split([' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
