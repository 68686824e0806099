using System.Text.Json;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>
/// The upstream body as pieces of the client's: only the model's name, and for a stream stream_options.include_usage, are replaced;
/// every other byte stays as it came.
/// </summary>
internal readonly struct RequestSplice
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] UsageObject = """{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageOnly = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] UsageField = ""","stream_options":{"include_usage":true}"""u8.ToArray();

    private readonly ReadOnlyMemory<byte> _body;
    private readonly BodyEdit _first;
    private readonly BodyEdit _second;

    /// <summary>Plans the pieces.</summary>
    /// <param name="body">The client's body.</param>
    /// <param name="scan">What the scan found in it.</param>
    /// <param name="modelJson">The upstream model's name as a JSON string, see <see cref="QuoteModel"/>.</param>
    public RequestSplice(ReadOnlyMemory<byte> body, RequestScan scan, ReadOnlyMemory<byte> modelJson)
    {
        _body = body;
        var model = new BodyEdit(scan.ModelValue.Start.Value, scan.ModelValue.End.Value, modelJson);
        var usage = UsageEdit(scan);
        (_first, _second) = usage is not { } edit ? (model, new BodyEdit(body.Length, body.Length, default))
            : edit.Start < model.Start ? (edit, model)
            : (model, edit);
    }

    /// <summary>Length of the upstream body in bytes.</summary>
    public int Length => _body.Length + _first.Growth + _second.Growth;

    /// <summary>The pieces in order; some may be empty.</summary>
    public ReadOnlyMemory<byte> this[int piece] => piece switch
    {
        0 => _body[.._first.Start],
        1 => _first.Text,
        2 => _body[_first.End.._second.Start],
        3 => _second.Text,
        4 => _body[_second.End..],
        _ => throw new ArgumentOutOfRangeException(nameof(piece)),
    };

    /// <summary>How many pieces there are.</summary>
    public const int Pieces = 5;

    /// <summary>A model name as JSON string.</summary>
    public static byte[] QuoteModel(string upstreamModel) => JsonSerializer.SerializeToUtf8Bytes(upstreamModel);

    /// <summary>The same as edits, for a body that is changed further.</summary>
    public static void AddEdits(RequestScan scan, ReadOnlyMemory<byte> modelJson, List<BodyEdit> edits)
    {
        edits.Add(new(scan.ModelValue.Start.Value, scan.ModelValue.End.Value, modelJson));
        if (UsageEdit(scan) is { } usage)
        {
            edits.Add(usage);
        }
    }

    private static BodyEdit? UsageEdit(RequestScan scan)
    {
        if (!scan.Stream || scan.IncludeUsage)
        {
            return null;
        }

        if (scan.IncludeUsageValue is { } value)
        {
            return new(value.Start.Value, value.End.Value, True);
        }

        if (scan.StreamOptionsValue is not { } options)
        {
            return new(scan.ClosingBrace, scan.ClosingBrace, UsageField);
        }

        var (start, end) = (options.Start.Value, options.End.Value);
        return scan.StreamOptions switch
        {
            StreamOptionsForm.Null => new(start, end, UsageObject),
            StreamOptionsForm.Empty => new(start + 1, start + 1, UsageOnly),
            _ => new(start + 1, start + 1, UsageFirst),
        };
    }
}
