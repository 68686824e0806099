using Relay.Core.Cost;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Errors;
using Relay.Gateway.Rescue;

namespace Relay.Gateway.Attempts;

/// <summary>What is known when the first byte goes out.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="Target">The target that answers, or null.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="Cost">What the answer costs, when that is known already.</param>
/// <param name="Overhead">What Relay itself has added so far.</param>
/// <param name="Upstream">The provider's answer, for the headers that are passed on.</param>
/// <param name="Dropped">Names of request fields that the target cannot honour.</param>
internal readonly record struct AnswerHead(
    string RequestId, string? Target, int Attempts, NanoUsd? Cost, TimeSpan Overhead, HttpResponseMessage? Upstream, IReadOnlyList<string> Dropped)
{
    /// <summary>The tokens that the answer took; null until it is whole, and where none are known of.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Where its stream broke and was gone on with, in order; null for none.</summary>
    public IReadOnlyList<StreamBreak>? Breaks { get; init; }
}

/// <summary>
/// Where an answer goes: the one thing that differs between the protocols that clients speak. The pipeline calls it in this order:
/// one of SendPlain, SendError or (Begin, Write and Flush any number of times, then EndStream or Break).
/// </summary>
internal abstract class AnswerWriter
{
    /// <summary>Cancelled when the client goes away.</summary>
    public abstract CancellationToken Gone { get; }

    /// <summary>How its client asked, as records name it: <c>http</c> or <c>grpc</c>.</summary>
    public virtual string Protocol => "http";

    /// <summary>The model that the client asked for; known once the request is read.</summary>
    public string Model { get; set; } = "";

    /// <summary>The request's id.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>A plain answer may come in pieces, by <see cref="BeginPlain"/>; otherwise one that is too large to be held back fails.</summary>
    public virtual bool TakesPieces => true;

    /// <summary>Something was sent.</summary>
    public bool Started { get; protected set; }

    /// <summary>What is written has the client's own form already; otherwise it is OpenAI's, to be translated. The last attempt that wrote decides.</summary>
    public bool PassesThrough { get; set; } = true;

    /// <summary>Sends a whole plain answer.</summary>
    public abstract ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body);

    /// <summary>Sends a whole error.</summary>
    public abstract ValueTask SendErrorAsync(AnswerHead head, RelayError error);

    /// <summary>Starts a plain answer that is too large to be held back.</summary>
    public abstract void BeginPlain(AnswerHead head);

    /// <summary>Starts a stream.</summary>
    public abstract void BeginStream(AnswerHead head);

    /// <summary>Adds bytes; they go out at the next flush.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was added; waits while the client is slow.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>What passed through has begun so many blocks: one that goes on in another form must count on.</summary>
    public virtual void NoteBlocks(AnthropicScanner? passed)
    {
    }

    /// <summary>Ends a stream well.</summary>
    /// <param name="head">What is known of it now.</param>
    public abstract ValueTask EndStreamAsync(AnswerHead head);

    /// <summary>Tells the error in band and breaks the connection, so that nobody takes the answer for whole.</summary>
    public abstract ValueTask BreakAsync(RelayError error);
}
