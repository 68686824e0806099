using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes temperature, top_p, top_k and stop_sequences.</summary>
internal sealed class OpenAiAnthropicSampling(JsonElement chat, Utf8JsonWriter to, RequestReport report)
{
    /// <summary>OpenAI's goes to 2, Anthropic's to 1.</summary>
    private const double MaxTemperature = 1;

    /// <summary>The smallest top_p that Anthropic takes while the model thinks.</summary>
    private const double MinTopPThinking = 0.95;

    /// <summary>Writes them.</summary>
    /// <param name="thinks">While the model thinks Anthropic takes no temperature and no top_k.</param>
    public void Write(bool thinks)
    {
        WriteTemperatureAndTopP(thinks);
        WriteTopK(thinks);
        if (chat.TryGet("stop"u8, out var stop))
        {
            WriteStop(stop);
        }
    }

    /// <summary>Newer models refuse the two together; the temperature is the one that is kept. A top_p of 1 says nothing.</summary>
    private void WriteTemperatureAndTopP(bool thinks)
    {
        var temperature = Number("temperature"u8, "temperature", 0, 2);
        var topP = Number("top_p"u8, "top_p", 0, 1);
        var writesTemperature = temperature is not null && !thinks;
        if (temperature > MaxTemperature || (temperature is not null and not 1 && thinks))
        {
            report.Drop("temperature");
        }

        if (writesTemperature)
        {
            to.WriteNumber("temperature"u8, Math.Min(temperature!.Value, MaxTemperature));
        }

        if (topP is null or 1)
        {
            return;
        }

        if (writesTemperature || (thinks && topP < MinTopPThinking))
        {
            report.Drop("top_p");
        }
        else
        {
            to.WriteNumber("top_p"u8, topP.Value);
        }
    }

    private void WriteTopK(bool thinks)
    {
        if (!chat.TryGet("top_k"u8, out var topK))
        {
            return;
        }

        if (topK.ValueKind != JsonValueKind.Number || !topK.TryGetInt64(out var k) || k < 0)
        {
            report.Refuse("top_k", "must be a whole number.");
        }
        else if (thinks)
        {
            report.Drop("top_k");
        }
        else
        {
            to.WriteNumber("top_k"u8, k);
        }
    }

    private void WriteStop(JsonElement stop)
    {
        if (stop.ValueKind == JsonValueKind.Array && stop.GetArrayLength() == 0)
        {
            return;
        }

        to.WriteStartArray("stop_sequences"u8);
        if (stop.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in stop.EnumerateArray())
            {
                WriteOneStop(one);
            }
        }
        else
        {
            WriteOneStop(stop);
        }

        to.WriteEndArray();
    }

    private void WriteOneStop(JsonElement stop)
    {
        if (stop.ValueKind != JsonValueKind.String)
        {
            report.Refuse("stop", "must be a string or an array of strings.");
        }
        else if (stop.IsBlank())
        {
            report.Refuse("stop", "may not be white space alone at Anthropic: the answer would go on past it.");
        }
        else
        {
            to.WriteRawValue(stop.Raw(), skipInputValidation: true);
        }
    }

    private double? Number(ReadOnlySpan<byte> name, string field, double min, double max)
    {
        if (!chat.TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        report.Refuse(field, $"must be a number from {min:0} to {max:0}.");
        return null;
    }
}
