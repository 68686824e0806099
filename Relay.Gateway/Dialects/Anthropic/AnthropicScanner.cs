using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Reads of an answer that passes through from Anthropic to a client that speaks the same what the relay must know. Of one stream alone.</summary>
internal sealed class AnthropicScanner
{
    private AnthropicUsage _usage;

    /// <summary>How many blocks have begun.</summary>
    public int Blocks { get; private set; }

    /// <summary>The last of them is text, and not complete.</summary>
    public bool IsTextOpen { get; private set; }

    /// <summary>Reads one event as <see cref="ChunkScanner"/> reads a chunk.</summary>
    public ChunkScan Scan(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!AnthropicEvent.TryRead(name, data, ref _usage, out var found))
        {
            return default;
        }

        var scan = new ChunkScan { Valid = true, HasChoices = found.Type != AnthropicEventType.Error, Seen = 1 };
        switch (found.Type)
        {
            case AnthropicEventType.Error:
                scan.HasError = true;
                scan.Seen = 0;
                break;
            case AnthropicEventType.BlockStart:
                StartBlock(found, ref scan);
                break;
            case AnthropicEventType.BlockDelta:
                ReadDelta(found, data, ref scan);
                break;
            case AnthropicEventType.BlockStop:
                IsTextOpen = false;
                break;
            case AnthropicEventType.MessageDelta:
                scan.Finished = found.StopReason.IsEmpty ? 0UL : 1UL;
                scan.HasUsage = _usage.IsKnown;
                scan.Usage = _usage.ToUsage();
                break;
            case AnthropicEventType.MessageStop:
                scan.IsEnd = true;
                break;
            default:
                scan.Seen = found.Type == AnthropicEventType.MessageStart ? 1UL : 0UL;
                break;
        }

        return scan;
    }

    /// <summary>Reads a whole answer.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="isCount">It tells how many tokens a request has.</param>
    public static AnswerScan ReadAnswer(ReadOnlySpan<byte> body, bool isCount)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        bool isMessage = false, isError = false;
        var usage = default(AnthropicUsage);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isContent, isUsage, isType) = (json.TextIs(isCount ? "input_tokens"u8 : "content"u8), json.TextIs("usage"u8), json.TextIs("type"u8));
                json.Read();
                isMessage |= isContent && json.TokenType == (isCount ? JsonTokenType.Number : JsonTokenType.StartArray);
                isError |= isType && json.TextIs("error"u8);
                if (isUsage)
                {
                    usage.ReadAnthropic(ref json);
                }

                json.Skip();
            }

            json.Read();
            return new(true, isMessage, isError, usage.IsKnown ? usage.ToUsage() : null);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private void StartBlock(in AnthropicEvent found, ref ChunkScan scan)
    {
        Blocks++;
        IsTextOpen = found.Kind.SequenceEqual("text"u8);

        // A tool's name, or hidden thinking, is output by itself; text and thinking come in pieces.
        var isPieces = IsTextOpen || found.Kind.SequenceEqual("thinking"u8);
        scan.HasDelta = !isPieces || !found.Text.IsEmpty;
        scan.HasOther = !isPieces;
    }

    private static void ReadDelta(in AnthropicEvent found, ReadOnlySpan<byte> data, ref ChunkScan scan)
    {
        scan.HasDelta = true;
        var isText = found.Kind.SequenceEqual("text_delta"u8);
        scan.HasOther = !isText && !found.Kind.SequenceEqual("thinking_delta"u8) && !found.Kind.SequenceEqual("signature_delta"u8);
        if (!scan.HasOther && data.Overlaps(found.Text, out var start))
        {
            scan.TextStart = start;
            scan.TextLength = found.Text.Length;
            (scan.ContentStart, scan.ContentLength) = isText ? (start, found.Text.Length) : (0, 0);
        }
    }
}
