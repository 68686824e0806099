using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Api.Http;

/// <summary>A JSON answer that is written straight into the response: what is disposed of last goes out.</summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    private const int FlushAt = 16 * 1024;

    /// <summary>Names are read by people too, so letters of every script stay as they are; the answer says that it is JSON and may not be sniffed.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpContext _context;
    private long _sent;

    public JsonAnswer(HttpContext context)
    {
        _context = context;
        context.Response.ContentType = "application/json; charset=utf-8";
        Writer = new Utf8JsonWriter(context.Response.BodyWriter, Options);
    }

    /// <summary>Writes the answer.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Sends what was written once it is much, so that a long answer is never held whole.</summary>
    public async ValueTask FlushIfLongAsync()
    {
        if (Writer.BytesCommitted + Writer.BytesPending - _sent > FlushAt)
        {
            await FlushAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await FlushAsync();
        await Writer.DisposeAsync();
    }

    private async ValueTask FlushAsync()
    {
        Writer.Flush();
        _sent = Writer.BytesCommitted;
        await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
    }
}
