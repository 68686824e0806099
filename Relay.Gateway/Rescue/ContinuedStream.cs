using System.Buffers;
using System.Text;
using System.Text.Json;
using Relay.Core.Attempts;
using Relay.Gateway.Attempts;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Rescue;

/// <summary>
/// What another target says is made a part of the stream that the client has begun to read: same id and model, no second role, nothing
/// that it has read already, one finish_reason. Reasoning is left out: the client has seen that of the first model.
/// </summary>
internal sealed class ContinuedStream
{
    private readonly RelayRequest _request;
    private readonly SentAnswer _sent;
    private readonly ContinuationMatcher _matcher;
    private readonly ContinuedChunks _chunks;
    private readonly ArrayBufferWriter<byte> _fresh = new();

    /// <summary>Goes on where the request's stream broke.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">The target that goes on.</param>
    public ContinuedStream(RelayRequest request, UpstreamTarget target)
    {
        _request = request;
        _sent = request.Sent!;
        _matcher = new(_sent.Text.ToArray(), _sent.Options.OverlapCharacters, RescueRule.Unseen(target, _sent.Text));
        _chunks = new(_sent.FirstChunk);
    }

    /// <summary>The client was sent something of it.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Takes a chunk, which is valid JSON. False: what it says cannot be shown together with what was sent.</summary>
    public bool Handle(ReadOnlySpan<byte> chunk)
    {
        using var document = JsonDocument.Parse(chunk.ToArray(), ContinuedChunks.Reading);
        try
        {
            return HandleRoot(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text that could be joined to another.
            return false;
        }
    }

    private bool HandleRoot(JsonElement root)
    {
        if (!root.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind == JsonValueKind.Object && !HandleChoice(choice))
            {
                return false;
            }
        }

        return true;
    }

    private bool HandleChoice(JsonElement choice)
    {
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object && !HandleDelta(delta))
        {
            return false;
        }

        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String && reason.GetString() is { Length: > 0 } text)
        {
            if (!EndText())
            {
                return false;
            }

            Write(_chunks.End(text));
            _sent.Close();
        }

        return true;
    }

    private bool HandleDelta(JsonElement delta)
    {
        if (delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            if (!_matcher.Add(Encoding.UTF8.GetBytes(content.GetString()!), _fresh))
            {
                return false;
            }

            WriteFresh();
        }

        var others = delta.EnumerateObject().Where(IsOther).ToArray();
        if (others.Length == 0)
        {
            return true;
        }

        // A tool call, a refusal: from here on nobody else could go on.
        if (!EndText())
        {
            return false;
        }

        Write(_chunks.Members(others));
        _sent.Close();
        return true;
    }

    private static bool IsOther(JsonProperty member) =>
        member.Name is not ("role" or "content" or "reasoning_content" or "reasoning")
        && member.Value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.String => member.Value.GetString()!.Length > 0,
            JsonValueKind.Array => member.Value.GetArrayLength() > 0,
            JsonValueKind.Object => member.Value.EnumerateObject().Any(),
            _ => true,
        };

    private bool EndText()
    {
        if (!_matcher.End(_fresh))
        {
            return false;
        }

        WriteFresh();
        return true;
    }

    private void WriteFresh()
    {
        if (_fresh.WrittenCount > 0)
        {
            Write(_chunks.Text(_fresh.WrittenSpan));
            _sent.Append(_fresh.WrittenSpan);
            _fresh.ResetWrittenCount();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _request.Answer.Write(bytes);
        HasWritten = true;
    }
}
