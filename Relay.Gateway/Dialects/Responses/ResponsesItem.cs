using System.Buffers;
using System.Text;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>What an output item is.</summary>
internal enum ResponsesItemKind
{
    /// <summary>Text, or a refusal.</summary>
    Message,

    /// <summary>Shown reasoning, and what its provider wants back.</summary>
    Reasoning,

    /// <summary>A call of a function.</summary>
    Call,
}

/// <summary>An output item as it grows. Texts are kept as the insides of JSON strings, escapes and all.</summary>
/// <param name="kind">What it is.</param>
/// <param name="index">Its place in the output.</param>
/// <param name="suffix">What its id ends with, before its place.</param>
internal sealed class ResponsesItem(ResponsesItemKind kind, int index, string suffix)
{
    /// <summary>What it is.</summary>
    public ResponsesItemKind Kind => kind;

    /// <summary>Its place in the output.</summary>
    public int Index => index;

    /// <summary>Its id as a JSON string.</summary>
    public byte[] Id { get; } = Encoding.ASCII.GetBytes($"\"{Prefix(kind)}_{suffix}_{index}\"");

    /// <summary>The parts of a message.</summary>
    public List<ResponsesPart> Parts { get; } = [];

    /// <summary>The summary of reasoning, or the arguments of a call.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new();

    /// <summary>The call_id of a call as a JSON string.</summary>
    public byte[] CallId { get; set; } = "\"\""u8.ToArray();

    /// <summary>The name of a call as a JSON string.</summary>
    public byte[] Name { get; set; } = "\"\""u8.ToArray();

    /// <summary>The encrypted_content of reasoning as a JSON string, or null.</summary>
    public byte[]? Sealed { get; set; }

    /// <summary>The answer ended in the middle of it.</summary>
    public bool IsCut { get; set; }

    private static string Prefix(ResponsesItemKind kind) => kind switch
    {
        ResponsesItemKind.Message => "msg",
        ResponsesItemKind.Reasoning => "rs",
        _ => "fc",
    };
}

/// <summary>A part of a message as it grows.</summary>
/// <param name="isRefusal">It is a refusal, not text.</param>
internal sealed class ResponsesPart(bool isRefusal)
{
    /// <summary>It is a refusal, not text.</summary>
    public bool IsRefusal => isRefusal;

    /// <summary>Its text.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new(256);

    /// <summary>The elements of its logprobs, separated by commas.</summary>
    public ArrayBufferWriter<byte> Logprobs { get; } = new();
}
