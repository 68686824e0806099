using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Grpc.Framing;
using Relay.Grpc.Server;

namespace Relay.Grpc;

/// <summary>One call: what came with it besides its messages, and what goes back besides them.</summary>
public sealed class GrpcCall
{
    private readonly CallFrames _frames;

    internal GrpcCall(HttpContext http, MethodDescriptor method, CallFrames frames)
    {
        Http = http;
        Method = method;
        _frames = frames;
    }

    /// <summary>The method.</summary>
    public MethodDescriptor Method { get; }

    /// <summary>The HTTP request that carries it. Metadata are its headers, so what reads a key from headers works here too. Nothing but headers is to be read from it.</summary>
    public HttpContext Http { get; }

    /// <summary>The time that the client gave it, from its arrival; null for no limit.</summary>
    public TimeSpan? Timeout { get; internal init; }

    /// <summary>Cancelled when the client leaves or the deadline passes: nobody waits for the answer any more.</summary>
    public CancellationToken Cancellation { get; internal init; }

    /// <summary>Cancelled when the client leaves, and only then.</summary>
    public CancellationToken ClientGone => Http.RequestAborted;

    /// <summary>Cancelled when the server begins to stop. A stream without an end of its own ends then, with <see cref="GrpcStatusCode.Unavailable"/>, or it would hold up the stop.</summary>
    public CancellationToken Stopping { get; internal init; }

    /// <summary>The largest request message in bytes, decompressed; may be changed before the request is read.</summary>
    public int MaxRequestBytes
    {
        get => _frames.MaxRequestBytes;
        set => _frames.MaxRequestBytes = value;
    }

    /// <summary>The first value of a text in the metadata, or null.</summary>
    public string? GetMetadata(string name) => Http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>All values of bytes in the metadata, whose name ends in <c>-bin</c>; what is not base64 is left out.</summary>
    public ImmutableArray<byte[]> GetBinaryMetadata(string name)
    {
        var found = ImmutableArray.CreateBuilder<byte[]>();
        foreach (var line in Http.Request.Headers[name])
        {
            foreach (var part in (line ?? "").Split(','))
            {
                if (BinaryHeader.TryDecode(part) is { } bytes)
                {
                    found.Add(bytes);
                }
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Sets a text that goes out before the first message.</summary>
    /// <param name="name">Lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; neither <c>grpc-</c> at the start nor <c>-bin</c> at the end.</param>
    /// <param name="value">Printable ASCII.</param>
    /// <exception cref="InvalidOperationException">The headers are sent already.</exception>
    public void SetHeader(string name, string value)
    {
        MetadataRules.Check(name, value);
        ThrowIfStarted();
        Http.Response.Headers[name] = value;
    }

    /// <summary>Sets bytes that go out before the first message.</summary>
    /// <param name="name">As of a text, but with <c>-bin</c> at the end.</param>
    /// <param name="value">Any bytes.</param>
    /// <exception cref="InvalidOperationException">The headers are sent already.</exception>
    public void SetHeader(string name, ReadOnlySpan<byte> value)
    {
        MetadataRules.CheckBinary(name);
        ThrowIfStarted();
        Http.Response.Headers[name] = BinaryHeader.Encode(value);
    }

    /// <summary>Sets a text that goes out with the status.</summary>
    /// <param name="name">As of a header.</param>
    /// <param name="value">Printable ASCII.</param>
    public void SetTrailer(string name, string value)
    {
        MetadataRules.Check(name, value);
        Trailers[name] = value;
    }

    /// <summary>Sets bytes that go out with the status.</summary>
    /// <param name="name">As of a header.</param>
    /// <param name="value">Any bytes.</param>
    public void SetTrailer(string name, ReadOnlySpan<byte> value)
    {
        MetadataRules.CheckBinary(name);
        Trailers[name] = BinaryHeader.Encode(value);
    }

    /// <summary>Sends the headers now; otherwise they go out with the first message or the status.</summary>
    public ValueTask SendHeadersAsync() => _frames.SendHeadersAsync();

    private IHeaderDictionary Trailers => Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;

    private void ThrowIfStarted()
    {
        if (Http.Response.HasStarted)
        {
            throw new InvalidOperationException("The headers of the call are sent already.");
        }
    }
}
