using System.Buffers;
using System.Globalization;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Attempts;

/// <summary>
/// Reads a plain answer whole, so that a broken one can still fail over. One larger than <see cref="LimitOptions.MaxPlainBufferBytes"/>
/// is streamed through from there on: then no other target can take over, and its usage is estimated.
/// </summary>
internal static class PlainReader
{
    private const int FirstBuffer = 8 * 1024;

    /// <summary>Reads the body of a 200. The result owns the response when it holds a plain answer.</summary>
    public static async ValueTask<AttemptResult> ReadAsync(AttemptContext at)
    {
        var announced = at.Response.Content.Headers.ContentLength ?? FirstBuffer;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(announced + 1, FirstBuffer), at.Limits.MaxPlainBufferBytes));
        var length = 0;
        var keep = false;
        try
        {
            await using var stream = await at.Response.Content.ReadAsStreamAsync(at.Clock.Token);
            while (true)
            {
                var before = Monotonic.Now(at.Time);
                var read = await stream.ReadAsync(buffer.AsMemory(length), at.Clock.Token);
                at.Request.Waited += Monotonic.Now(at.Time) - before;
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length >= at.Limits.MaxPlainBufferBytes)
                {
                    if (at.Dialect is not null || !at.Request.Answer.TakesPieces)
                    {
                        return AttemptResult.Fail(TooLargeToTranslate(at), (int)at.Response.StatusCode);
                    }

                    return await PassThroughAsync(at, stream, buffer.AsMemory(0, length));
                }

                buffer = length == buffer.Length ? Grow(buffer, length) : buffer;
            }

            if (at.Dialect is { } dialect && Translate(at, dialect, ref buffer, ref length) is { } error)
            {
                return AttemptResult.Fail(error, (int)at.Response.StatusCode);
            }

            var result = Judge(at, buffer, length);
            keep = result.Plain is not null;
            return result;
        }
        finally
        {
            if (!keep)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static RelayError? Translate(AttemptContext at, IUpstreamDialect dialect, ref byte[] buffer, ref int length)
    {
        var chat = new ArrayBufferWriter<byte>(length + 256);
        if (dialect.ReadAnswer(buffer.AsMemory(0, length), UpstreamBody.CallOf(at.Request, at.Visit.Target), chat) is { } error)
        {
            return error;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        buffer = ArrayPool<byte>.Shared.Rent(chat.WrittenCount);
        length = chat.WrittenCount;
        chat.WrittenSpan.CopyTo(buffer);
        return null;
    }

    private static RelayError TooLargeToTranslate(AttemptContext at) => new(
        ErrorKind.Malformed,
        string.Create(CultureInfo.InvariantCulture, $"The answer of {at.Visit.Target.Name} is over {at.Limits.MaxPlainBufferBytes} bytes (limits.maxPlainBufferBytes) and has to be translated. Ask for a stream, or raise the limit."));

    private static AttemptResult Judge(AttemptContext at, byte[] buffer, int length)
    {
        var status = (int)at.Response.StatusCode;
        var target = at.Visit.Target;
        var isChat = at.Request.Endpoint == EndpointKind.Chat;
        var body = buffer.AsMemory(0, length);
        var scan = at.Scanner is not null ? AnthropicScanner.ReadAnswer(body.Span, at.Request.Endpoint == EndpointKind.CountTokens) : AnswerScan.Read(body.Span, isChat ? "choices"u8 : "data"u8);
        if (scan.HasError && !scan.HasContent)
        {
            return AttemptResult.Fail(ProviderFault.InStream(body.ToArray(), target.Name), status);
        }

        if (!scan.HasContent)
        {
            var what = scan.Valid ? "is JSON without the expected content" : "is not valid JSON";
            return AttemptResult.Fail(
                new(ErrorKind.Malformed, string.Create(CultureInfo.InvariantCulture, $"The answer of {target.Name} {what} ({length} bytes).")), status);
        }

        at.Request.Spans?.See(body.Span);
        return new()
        {
            End = AttemptEnd.Answered,
            Status = status,
            Usage = at.Request.Endpoint == EndpointKind.CountTokens ? null : scan.Usage ?? UsageEstimate.FromBytes(at.Request.Body.Memory.Length, isChat ? length : 0),
            Plain = new PlainAnswer(buffer, length, at.Response),
        };
    }

    private static async ValueTask<AttemptResult> PassThroughAsync(AttemptContext at, Stream stream, ReadOnlyMemory<byte> head)
    {
        var (request, response, clock) = (at.Request, at.Response, at.Clock);
        var status = (int)response.StatusCode;
        var passed = (long)head.Length;
        var end = default(JsonEnd);
        end.Add(head.Span);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            request.Answer.BeginPlain(request.HeadFor(at.Visit.Target, response, cost: null));
            request.Answer.Write(head.Span);
            while (true)
            {
                clock.Enter(Phase.ClientWrite, at.Limits.ClientStall);
                await request.Answer.FlushAsync(clock.Token);
                clock.Enter(Phase.Idle, request.Route.Options.Timeouts.Idle);
                var read = await stream.ReadAsync(buffer, clock.Token);
                if (read == 0)
                {
                    break;
                }

                passed += read;
                end.Add(buffer.AsSpan(0, read));
                request.Answer.Write(buffer.AsSpan(0, read));
            }

            return new()
            {
                End = end.IsWhole ? AttemptEnd.Answered : AttemptEnd.Broken,
                Status = status,
                Error = end.IsWhole ? null : new RelayError(ErrorKind.Truncated, $"The answer of {at.Visit.Target.Name} ended before it was complete."),
                Usage = UsageEstimate.FromBytes(request.Body.Memory.Length, passed),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new()
            {
                End = AttemptEnd.Broken,
                Status = status,
                Error = UpstreamFault.From(e, clock, at.Visit.Target.Name, inBody: true),
                Usage = UsageEstimate.FromBytes(request.Body.Memory.Length, passed),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
