using System.Text.Json;

namespace Relay.Simulator;

/// <summary>GET /v1/models and GET /v1/models/{id}, Azure's /openai/models, and Gemini's /v1beta/models.</summary>
internal static class ModelsEndpoint
{
    // Models have no birthday here; a constant keeps the answer the same for ever.
    private const long Created = 1_735_689_600;

    public static Task ListAsync(Exchange exchange) => SendAsync(exchange, json =>
    {
        json.WriteStartObject();
        if (exchange.Dialect is GeminiDialect)
        {
            WriteGemini(json, exchange.Options.Models);
            return;
        }

        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in exchange.Options.Models)
        {
            WriteModel(json, exchange, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static Task GetAsync(Exchange exchange, string model) =>
        exchange.Options.Models.Contains(model)
            ? SendAsync(exchange, json => WriteModel(json, exchange, model))
            : throw new ApiErrorException(OpenAiErrors.Instance.NoSuchModel(model));

    private static void WriteGemini(Utf8JsonWriter json, IReadOnlyList<string> models)
    {
        json.WriteStartArray("models"u8);
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, "models/" + model);
            json.WriteString("baseModelId"u8, model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task SendAsync(Exchange exchange, Action<Utf8JsonWriter> write)
    {
        exchange.Log(default, null, stream: false, fault: null);
        Requests.CheckKey(exchange);
        using var body = new PooledBytes();
        using (var json = new Utf8JsonWriter(body, PooledBytes.JsonOptions))
        {
            write(json);
        }

        exchange.StartAnswer(200, "application/json");
        await exchange.SendAsync(body.WrittenMemory);
    }

    private static void WriteModel(Utf8JsonWriter json, Exchange exchange, string model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, Created);
        json.WriteString("owned_by"u8, exchange.Options.Name);
        json.WriteEndObject();
    }
}
