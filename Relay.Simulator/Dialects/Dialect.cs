using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>
/// One provider's way of speaking. What an answer says, when its words are due and what goes wrong with them is decided
/// elsewhere and alike for all; a dialect only reads requests and writes answers.
/// <code><![CDATA[
///   request --ReadChat--> ChatRequest --AnswerPlan--> plan --WriteAnswer--> body
///                                                         --WriteStream--> StreamWriter <--ChatStream (pace, faults)
/// ]]></code>
/// </summary>
internal abstract class Dialect
{
    public abstract DialectErrors Errors { get; }

    /// <summary>Streams may end with a chunk of usage of their own.</summary>
    public virtual bool HasUsageChunk => false;

    /// <summary>The credential that a request carries, or null.</summary>
    public abstract string? KeyOf(HttpRequest request);

    /// <summary>Checks what names the API's version.</summary>
    /// <exception cref="ApiErrorException">It is missing or wrong.</exception>
    public virtual void CheckVersion(HttpRequest request)
    {
        // Most have it in their path.
    }

    /// <summary>The headers that every answer has.</summary>
    public abstract void AddHeaders(Exchange exchange, IHeaderDictionary headers, int promptTokens);

    /// <summary>What a fault says of waiting, on an error's headers.</summary>
    public virtual void AddRetryAfter(Exchange exchange, Fault fault, IHeaderDictionary headers) => RetryAfterHeader.Add(exchange, fault, headers);

    /// <summary>A stream of this request ends with a mark.</summary>
    public virtual bool HasEndMark(Route route) => true;

    /// <exception cref="ApiErrorException">The request is wrong.</exception>
    public abstract ChatRequest ReadChat(Exchange exchange, JsonElement root);

    /// <summary>Reads a request that asks how many tokens it has.</summary>
    /// <exception cref="ApiErrorException">The request is wrong.</exception>
    public virtual ChatRequest ReadCount(Exchange exchange, JsonElement root) => ReadChat(exchange, root);

    /// <summary>Writes the fields of a whole answer, between its braces.</summary>
    public abstract void WriteAnswer(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan);

    /// <summary>Writes the fields of an answer that counts tokens, between its braces.</summary>
    public virtual void WriteCount(Utf8JsonWriter json, ChatRequest request) => throw new NotSupportedException();

    public abstract StreamWriter WriteStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan);

    /// <summary>Writes an error's object.</summary>
    public abstract void WriteError(Utf8JsonWriter json, Exchange exchange, ApiError error);

    /// <summary>Writes the body of an error answer; the result is its content type.</summary>
    public virtual string WriteErrorBody(PooledBytes body, Exchange exchange, ApiError error)
    {
        using var json = new Utf8JsonWriter(body, PooledBytes.JsonOptions);
        WriteError(json, exchange, error);
        return "application/json";
    }
}
