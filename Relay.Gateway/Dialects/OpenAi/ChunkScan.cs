using System.Text.Json;
using Relay.Core.Cost;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>What a chunk of a stream holds, as far as the relay cares.</summary>
internal struct ChunkScan
{
    /// <summary>It is a JSON object at all.</summary>
    public bool Valid;

    /// <summary>It carries a generated delta: text, reasoning, refusal, tool call, function call or audio.</summary>
    public bool HasDelta;

    /// <summary>It has at least one choice.</summary>
    public bool HasChoices;

    /// <summary>Bit i: choice i has its finish_reason here. Choices from 63 on share the last bit.</summary>
    public ulong Finished;

    /// <summary>Bit i: choice i is mentioned here.</summary>
    public ulong Seen;

    /// <summary>It carries usage.</summary>
    public bool HasUsage;

    /// <summary>The usage, when <see cref="HasUsage"/>.</summary>
    public Usage Usage;

    /// <summary>It is an error object inside the stream.</summary>
    public bool HasError;

    /// <summary>Where the text of its delta starts in the chunk, behind the quote, when that text is all that it says; see <see cref="TextLength"/>.</summary>
    public int TextStart;

    /// <summary>The length of that text in bytes; 0 when the chunk says anything else or more.</summary>
    public int TextLength;

    /// <summary>Strings with output in its deltas.</summary>
    public int Texts;

    /// <summary>Where <c>content</c> of its delta starts in the chunk, behind the quote; as it stands there, with its escapes.</summary>
    public int ContentStart;

    /// <summary>The length of that content in bytes; 0 for none.</summary>
    public int ContentLength;

    /// <summary>It is the end mark of the stream, where that is an event like others.</summary>
    public bool IsEnd;

    /// <summary>Its deltas carry something else than content and reasoning: a tool call, a refusal, audio, or what is not known.</summary>
    public bool HasOther;
}

/// <summary>Reads chunks of a chat completion stream.</summary>
internal static class ChunkScanner
{
    /// <summary>Reads one chunk; broken JSON gives a scan that is not <see cref="ChunkScan.Valid"/>.</summary>
    public static ChunkScan Scan(ReadOnlySpan<byte> data)
    {
        var scan = default(ChunkScan);
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        try
        {
            scan.Valid = ReadRoot(ref json, ref scan) && !json.Read();
            if (scan.Texts != 1 || scan.Finished != 0 || scan.HasUsage || scan.HasError)
            {
                scan.TextLength = 0;
            }
        }
        catch (JsonException)
        {
            scan = default;
        }

        return scan;
    }

    private static bool ReadRoot(ref Utf8JsonReader json, ref ChunkScan scan)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("choices"u8))
            {
                ReadChoices(ref json, ref scan);
            }
            else if (json.TextIs("usage"u8))
            {
                json.Read();
                if (UsageReader.TryRead(ref json, out var usage))
                {
                    scan.HasUsage = true;
                    scan.Usage = usage;
                }
            }
            else if (json.TextIs("error"u8))
            {
                json.Read();
                scan.HasError |= json.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
                json.Skip();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return true;
    }

    private static void ReadChoices(ref Utf8JsonReader json, ref ChunkScan scan)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            scan.HasChoices = true;
            ReadChoice(ref json, ref scan);
        }
    }

    private static void ReadChoice(ref Utf8JsonReader json, ref ChunkScan scan)
    {
        var index = 0;
        var finished = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                json.Read();
                index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var i) ? Math.Clamp(i, 0, 63) : 0;
            }
            else if (json.TextIs("finish_reason"u8))
            {
                json.Read();
                finished = json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0;
            }
            else if (json.TextIs("delta"u8) || json.TextIs("message"u8))
            {
                json.Read();
                ReadDelta(ref json, ref scan);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        scan.Seen |= 1UL << index;
        scan.Finished |= finished ? 1UL << index : 0;
    }

    /// <summary>Anything but the role and empty values is generated: an unknown field with content counts, so that new kinds of output are never lost.</summary>
    private static void ReadDelta(ref Utf8JsonReader json, ref ChunkScan scan)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var role = json.TextIs("role"u8);
            var content = !role && json.TextIs("content"u8);
            var plain = content || (!role && (json.TextIs("reasoning_content"u8) || json.TextIs("reasoning"u8)));
            json.Read();
            var empty = json.TokenType switch
            {
                JsonTokenType.Null => true,
                JsonTokenType.String => json.ValueSpan.Length == 0,
                JsonTokenType.StartArray or JsonTokenType.StartObject => SkipIsEmpty(ref json),
                _ => false,
            };
            scan.HasDelta |= !role && !empty;
            scan.HasOther |= !role && !empty && (!plain || json.TokenType != JsonTokenType.String || (content && scan.ContentLength > 0));
            if (content && json.TokenType == JsonTokenType.String)
            {
                scan.ContentStart = (int)json.TokenStartIndex + 1;
                scan.ContentLength = json.ValueSpan.Length;
            }

            if (!empty && json.TokenType == JsonTokenType.String && !role)
            {
                scan.Texts++;
                scan.TextStart = (int)json.TokenStartIndex + 1;
                scan.TextLength = json.ValueSpan.Length;
            }
            else if (!empty && !role)
            {
                // A tool call or anything else that is no plain text: never a template.
                scan.Texts += 2;
            }
        }
    }

    private static bool SkipIsEmpty(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        json.Read();
        if (json.CurrentDepth == depth)
        {
            return true;
        }

        while (json.CurrentDepth > depth)
        {
            json.Read();
        }

        return false;
    }
}
