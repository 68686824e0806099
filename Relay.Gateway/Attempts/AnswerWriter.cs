using Relay.Core.Cost;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Errors;

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
    string RequestId, string? Target, int Attempts, NanoUsd? Cost, TimeSpan Overhead, HttpResponseMessage? Upstream, IReadOnlyList<string> Dropped);

/// <summary>
/// Where an answer goes: the one thing that differs between the protocols that clients speak. The pipeline calls it in this order:
/// one of SendPlain, SendError or (Begin, Write and Flush any number of times, then EndStream or Break).
/// </summary>
internal abstract class AnswerWriter
{
    /// <summary>Cancelled when the client goes away.</summary>
    public abstract CancellationToken Gone { get; }

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
    public abstract ValueTask EndStreamAsync();

    /// <summary>Tells the error in band and breaks the connection, so that nobody takes the answer for whole.</summary>
    public abstract ValueTask BreakAsync(RelayError error);
}
