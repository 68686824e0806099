using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// A GenerateContentResponse, whole or one event of a stream (https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse):
/// where its pieces stand. One instance reads all events of a stream and allocates for none of them.
/// </summary>
internal sealed class GeminiReply
{
    /// <summary>Candidates beyond this are not read: Gemini gives at most 8.</summary>
    public const int MaxCandidates = 64;

    /// <summary>Its candidates; empty when the prompt was blocked.</summary>
    public List<GeminiCandidate> Candidates { get; } = [];

    /// <summary>The parts of all candidates, one candidate after the other.</summary>
    public List<GeminiPart> Parts { get; } = [];

    /// <summary>responseId, a string.</summary>
    public JsonSlice Id { get; private set; }

    /// <summary>modelVersion, a string.</summary>
    public JsonSlice Model { get; private set; }

    /// <summary>promptFeedback.blockReason, a string.</summary>
    public JsonSlice BlockReason { get; private set; }

    /// <summary>usageMetadata, or null.</summary>
    public GeminiUsage? Usage { get; private set; }

    /// <summary>It is an error object: <see cref="GeminiError"/> reads it.</summary>
    public bool IsError { get; private set; }

    /// <summary>Reads it; false when it is no JSON object. Fields of an unexpected type are passed over.</summary>
    public bool TryRead(ReadOnlySpan<byte> data)
    {
        Candidates.Clear();
        Parts.Clear();
        (Id, Model, BlockReason, Usage, IsError) = (default, default, default, null, false);
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref json);
            }

            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader json)
    {
        if (json.TextIs("candidates"u8))
        {
            json.Read();
            ReadCandidates(ref json);
        }
        else if (json.TextIs("usageMetadata"u8))
        {
            json.Read();
            Usage = GeminiUsage.Read(ref json) ?? Usage;
        }
        else if (json.TextIs("responseId"u8))
        {
            json.Read();
            Id = JsonSlice.Text(ref json);
        }
        else if (json.TextIs("modelVersion"u8))
        {
            json.Read();
            Model = JsonSlice.Text(ref json);
        }
        else if (json.TextIs("promptFeedback"u8))
        {
            json.Read();
            ReadFeedback(ref json);
        }
        else
        {
            var isError = json.TextIs("error"u8);
            json.Read();
            IsError |= isError && json.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
            json.Skip();
        }
    }

    private void ReadFeedback(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = json.TextIs("blockReason"u8);
            json.Read();
            BlockReason = isReason ? JsonSlice.Text(ref json) : BlockReason;
            json.Skip();
        }
    }

    private void ReadCandidates(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject || Candidates.Count == MaxCandidates)
            {
                json.Skip();
                continue;
            }

            Candidates.Add(ReadCandidate(ref json));
        }
    }

    private GeminiCandidate ReadCandidate(ref Utf8JsonReader json)
    {
        var candidate = new GeminiCandidate { Index = Candidates.Count, FirstPart = Parts.Count };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("content"u8))
            {
                json.Read();
                ReadContent(ref json);
            }
            else if (json.TextIs("finishReason"u8))
            {
                json.Read();
                candidate.Finish = GeminiFinishReason.Read(ref json);
                candidate.FinishReason = JsonSlice.Text(ref json);
            }
            else if (json.TextIs("index"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var index) && index is >= 0 and < MaxCandidates)
                {
                    candidate.Index = index;
                }

                json.Skip();
            }
            else if (json.TextIs("logprobsResult"u8))
            {
                json.Read();
                candidate.Logprobs = JsonSlice.Object(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        candidate.PartCount = Parts.Count - candidate.FirstPart;
        return candidate;
    }

    private void ReadContent(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = json.TextIs("parts"u8);
            json.Read();
            if (!isParts || json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    Parts.Add(GeminiPart.Read(ref json));
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }
}

/// <summary>One candidate of a <see cref="GeminiReply"/>.</summary>
internal struct GeminiCandidate
{
    /// <summary>Which one: 0 to 63.</summary>
    public int Index;

    /// <summary>What its finish reason means.</summary>
    public GeminiFinish Finish;

    /// <summary>Its finish reason as it stands, a string.</summary>
    public JsonSlice FinishReason;

    /// <summary>The first of its parts.</summary>
    public int FirstPart;

    /// <summary>How many parts it has.</summary>
    public int PartCount;

    /// <summary>logprobsResult, an object.</summary>
    public JsonSlice Logprobs;
}
