using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Endpoints;

/// <summary>Writes answers as OpenAI's HTTP API does, or in another form that the client uses.</summary>
/// <param name="http">The client's request.</param>
/// <param name="form">The form; null for OpenAI's.</param>
internal sealed class HttpAnswer(HttpContext http, ClientForm? form = null) : AnswerWriter
{
    /// <summary>How long a client may take to accept the error that ends its answer.</summary>
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(5);

    private readonly HttpResponse _response = http.Response;
    private readonly PipeWriter _body = http.Response.BodyWriter;
    private TranslatedEvents? _events;
    private AnthropicScanner? _passed;

    /// <summary>What is written has to be translated.</summary>
    private bool Translates => form is not null && !PassesThrough;

    /// <inheritdoc/>
    public override CancellationToken Gone => http.RequestAborted;

    /// <inheritdoc/>
    public override async ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body)
    {
        Begin(head, "application/json");
        if (Translates)
        {
            var translated = new ArrayBufferWriter<byte>(body.Length + 256);
            form!.Dialect.WriteAnswer(body, translated);
            body = translated.WrittenMemory;
        }

        _response.ContentLength = body.Length;
        await _body.WriteAsync(body, CancellationToken.None);
    }

    /// <inheritdoc/>
    public override async ValueTask SendErrorAsync(AnswerHead head, RelayError error)
    {
        Started = true;
        _response.StatusCode = error.Status;
        AnswerHeaders.Write(_response.Headers, head);
        if (head.Attempts > 0)
        {
            // Relay has retried already; a client that does so too only adds load.
            _response.Headers["x-should-retry"] = "false";
        }

        if (error.RetryAfter is { } wait)
        {
            _response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = error.Unchanged?.Body ?? ErrorBody.Json(error, form);
        _response.ContentType = error.Unchanged?.ContentType ?? "application/json";
        _response.ContentLength = body.Length;
        await _body.WriteAsync(body, CancellationToken.None);
    }

    /// <inheritdoc/>
    public override void BeginPlain(AnswerHead head) => Begin(head, "application/json");

    /// <inheritdoc/>
    public override void BeginStream(AnswerHead head)
    {
        Begin(head, "text/event-stream; charset=utf-8");
        _response.Headers.CacheControl = "no-cache";

        // nginx in front of Relay would otherwise hold the stream back.
        _response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (Translates)
        {
            _events ??= new(form!.Dialect.WriteStream(Model, RequestId), _passed);
            _events.Write(bytes, _body);
            return;
        }

        bytes.CopyTo(_body.GetSpan(bytes.Length));
        _body.Advance(bytes.Length);
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellation)
    {
        var flush = _body.FlushAsync(cancellation);
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.GetAwaiter().GetResult();
            return ValueTask.CompletedTask;
        }

        return new ValueTask(flush.AsTask());
    }

    /// <inheritdoc/>
    public override void NoteBlocks(AnthropicScanner? passed) => _passed = passed;

    /// <inheritdoc/>
    public override ValueTask EndStreamAsync(AnswerHead head)
    {
        // No flush: the server sends this together with the end mark of the body.
        if (_events is not null)
        {
            _events.End(_body);
        }
        else
        {
            Write(form is null ? "data: [DONE]\n\n"u8 : form.LastEvent.Span);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask BreakAsync(RelayError error)
    {
        if (error.Kind == ErrorKind.ClientClosed)
        {
            // It left, or takes nothing any more: nothing that is still to be sent would reach it.
            http.Abort();
        }
        else if (!Gone.IsCancellationRequested)
        {
            if (_response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true)
            {
                WriteError(error);
            }

            await FlushLastAsync();
        }

        // An exception after the start makes the server close the connection without the end mark, after all that was flushed.
        throw new BrokenAnswerException();
    }

    private void WriteError(RelayError error)
    {
        if (Translates)
        {
            Write(ErrorBody.Event(error));
        }
        else
        {
            _body.Write(ErrorBody.Event(error, form));
        }
    }

    private async ValueTask FlushLastAsync()
    {
        using var limit = new CancellationTokenSource(LastFlush, TimeProvider.System);
        try
        {
            await _body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    private void Begin(AnswerHead head, string contentType)
    {
        Started = true;
        _response.StatusCode = StatusCodes.Status200OK;
        _response.ContentType = contentType;
        AnswerHeaders.Write(_response.Headers, head);
    }
}

/// <summary>Ends an answer that is broken on purpose; see <see cref="HttpAnswer.BreakAsync"/>. Not an error of Relay's.</summary>
internal sealed class BrokenAnswerException() : Exception("The answer broke off; the client was told in band.");
