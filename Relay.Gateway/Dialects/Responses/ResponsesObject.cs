using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>The response object (https://platform.openai.com/docs/api-reference/responses/object).</summary>
/// <param name="echo">What it repeats of the request.</param>
/// <param name="suffix">What ids end with.</param>
internal sealed class ResponsesObject(ResponsesEcho echo, string suffix)
{
    private const int MaxSuffix = 48;

    private readonly byte[] _id = Encoding.ASCII.GetBytes($"\"resp_{suffix}\"");
    private byte[] _model = JsonSerializer.SerializeToUtf8Bytes(echo.Model);

    /// <summary>What the ids of its items end with.</summary>
    public string Suffix => suffix;

    /// <summary>When it was created, in Unix seconds.</summary>
    public long Created { get; set; }

    /// <summary>Its items.</summary>
    public List<ResponsesItem> Output { get; } = [];

    /// <summary>Its usage, when it is known.</summary>
    public HubUsage? Usage { get; set; }

    /// <summary>The letters and digits of an id that say which it is, without what says of what kind.</summary>
    public static string SuffixOf(string id)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["chatcmpl-", "req_", "resp_"])
        {
            id = id.StartsWith(prefix, StringComparison.Ordinal) ? id[prefix.Length..] : id;
        }

        var safe = string.Concat(id.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        return safe.Length == 0 ? "0" : safe.Length <= MaxSuffix ? safe : safe[..MaxSuffix];
    }

    /// <summary>Takes the answer's own model name, when the request's is not known.</summary>
    /// <param name="model">A JSON string.</param>
    public void UseModel(ReadOnlySpan<byte> model)
    {
        if (echo.Model.Length == 0)
        {
            _model = model.ToArray();
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="to">Receives an object.</param>
    public void Write(ReadOnlySpan<byte> status, ResponsesEnd end, IBufferWriter<byte> to)
    {
        to.Write("{\"id\":"u8);
        to.Write(_id);
        to.Write(",\"object\":\"response\",\"created_at\":"u8);
        ResponsesJson.WriteNumber(to, Created);
        to.Write(",\"status\":\""u8);
        to.Write(status);
        to.Write("\",\"background\":false,\"error\":"u8);
        to.Write(end.Error.IsEmpty ? "null"u8 : end.Error.Span);
        to.Write(",\"incomplete_details\":"u8);
        to.Write(end.Finish switch
        {
            HubFinish.Length => """{"reason":"max_output_tokens"}"""u8,
            HubFinish.Filtered => """{"reason":"content_filter"}"""u8,
            _ => "null"u8,
        });
        to.Write(",\"model\":"u8);
        to.Write(_model);
        to.Write(",\"output\":["u8);
        for (var i = 0; i < Output.Count; i++)
        {
            to.Write(i > 0 ? ","u8 : default);
            ResponsesJson.WriteItem(Output[i], isNew: false, to);
        }

        to.Write("]"u8);
        to.Write(echo.Members.Span);
        to.Write(",\"usage\":"u8);
        if (Usage is { } usage)
        {
            usage.Write(to);
        }
        else
        {
            to.Write("null"u8);
        }

        to.Write("}"u8);
    }
}

/// <summary>How a response ended.</summary>
/// <param name="Finish">Why its choice finished.</param>
/// <param name="Error">Its error as a JSON object, or empty.</param>
internal readonly record struct ResponsesEnd(HubFinish Finish, ReadOnlyMemory<byte> Error);
