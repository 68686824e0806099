using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Gateway.Telemetry.Content;

/// <summary>
/// Writes messages in the JSON form of the GenAI semantic conventions (gen-ai-input-messages.json, gen-ai-output-messages.json), all
/// texts together up to <see cref="MaxBytes"/>. What is over it is cut, and its part says so: <c>"relay_cut": true</c>.
/// </summary>
internal sealed class MessageWriter : IDisposable
{
    /// <summary>Bytes of text in one attribute: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Messages, and parts of one message: 1,000 of each.</summary>
    public const int MaxItems = 1_000;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private int _left = MaxBytes;
    private int _messages;
    private int _parts;

    /// <summary>Starts the array of messages.</summary>
    public MessageWriter()
    {
        _json = new(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    /// <summary>Something was cut.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Starts a message; false when there is room for none.</summary>
    public bool TryBegin(string role)
    {
        if (_left <= 0 || _messages == MaxItems)
        {
            IsCut = true;
            return false;
        }

        _messages++;
        _parts = 0;
        _json.WriteStartObject();
        _json.WriteString("role"u8, role.Length <= 32 ? role : role[..32]);
        _json.WriteStartArray("parts"u8);
        return true;
    }

    /// <summary>Ends a message.</summary>
    /// <param name="finishReason">Why the model ended it; null for a message that it was sent.</param>
    public void End(string? finishReason = null)
    {
        _json.WriteEndArray();
        if (finishReason is not null)
        {
            _json.WriteString("finish_reason"u8, finishReason);
        }

        _json.WriteEndObject();
    }

    /// <summary>A part with one text.</summary>
    /// <param name="type">Its type: text, reasoning.</param>
    /// <param name="content">The text.</param>
    public void Part(string type, string content) => Part(type, static _ => { }, "content", content);

    /// <summary>A part with one text and what else there is to say.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="more">Writes its other members.</param>
    /// <param name="member">The text's member.</param>
    /// <param name="text">The text; null for none.</param>
    public void Part(string type, Action<Utf8JsonWriter> more, string member, string? text)
    {
        if (_parts++ == MaxItems)
        {
            IsCut = true;
        }

        if (_parts > MaxItems)
        {
            return;
        }

        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        more(_json);
        if (text is not null)
        {
            var fits = Fitting(text);
            _json.WriteString(member, text.AsSpan(0, fits));
            if (fits < text.Length)
            {
                IsCut = true;
                _json.WriteBoolean("relay_cut"u8, true);
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>A part whose data are left out for their size, such as an image inside the request.</summary>
    /// <param name="modality">image, audio or document.</param>
    public void Omitted(string modality)
    {
        IsCut = true;
        Part("blob", json =>
        {
            json.WriteString("modality"u8, modality);
            json.WriteBoolean("relay_cut"u8, true);
        }, "content", "");
    }

    /// <summary>Ends the array.</summary>
    public string Finish()
    {
        _json.WriteEndArray();
        _json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>How many characters still fit, without half of a surrogate pair.</summary>
    private int Fitting(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= _left)
        {
            _left -= bytes;
            return text.Length;
        }

        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > _left)
            {
                break;
            }

            _left -= rune.Utf8SequenceLength;
            fits += rune.Utf16SequenceLength;
        }

        _left = 0;
        return fits;
    }
}
