using System.Buffers;

namespace Relay.Core.Attempts;

/// <summary>
/// Joins what another model says to a text that broke off. Nobody knows whether it goes on where the text stopped, repeats the end of it,
/// or starts over: the first bytes are held until that is told apart.
/// <code><![CDATA[
///   sent:      The sky is blue because
///   continues:                         of Rayleigh scattering      all of it is new
///   overlaps:           is blue because of Rayleigh scattering     what the sent text ends with is left out
///   repeats:   The sky is blue because of Rayleigh scattering      the whole sent text is left out
///   diverges:  The sky is blue since ...                           an error: both cannot be shown as one
/// ]]></code>
/// Texts are UTF-8 and come whole characters at a time. Not thread-safe.
/// </summary>
public sealed class ContinuationMatcher
{
    private readonly ReadOnlyMemory<byte> _sent;
    private readonly int _overlapCharacters;
    private readonly int _unseen;
    private readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>Starts with nothing known of the continuation.</summary>
    /// <param name="sent">The text that broke off. It must not change meanwhile.</param>
    /// <param name="overlapCharacters">See <see cref="RescueOptions.OverlapCharacters"/>.</param>
    /// <param name="unseen">Bytes at the end of the text that the model was not shown, such as white space; what of them it says by itself is left out.</param>
    public ContinuationMatcher(ReadOnlyMemory<byte> sent, int overlapCharacters, int unseen = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unseen);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unseen, sent.Length);
        _sent = sent;
        _unseen = unseen;
        _overlapCharacters = overlapCharacters;
        IsDecided = sent.IsEmpty;
    }

    /// <summary>What came so far was told apart; everything from here on is new.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>It starts as the sent text does and then goes another way.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>Bytes of the continuation that were left out, since the client has them already.</summary>
    public int Suppressed { get; private set; }

    /// <summary>Takes the next text and writes what is new of it, and of what was held, to <paramref name="fresh"/>. False: it diverges.</summary>
    public bool Add(ReadOnlySpan<byte> text, IBufferWriter<byte> fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        if (HasDiverged)
        {
            return false;
        }

        if (IsDecided)
        {
            fresh.Write(text);
            return true;
        }

        _held.Write(text);
        return Decide(isEnd: false, fresh);
    }

    /// <summary>No more text comes: decides on what is held. False: it diverges.</summary>
    public bool End(IBufferWriter<byte> fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        return IsDecided ? !HasDiverged : Decide(isEnd: true, fresh);
    }

    private bool Decide(bool isEnd, IBufferWriter<byte> fresh)
    {
        var sent = _sent.Span;
        var held = _held.WrittenSpan;
        var agrees = sent.CommonPrefixLength(held);
        if (agrees == sent.Length)
        {
            return Settle(sent.Length, fresh);
        }

        // As long as the sent text holds, before its end, what came so far, this may become a repeat of that part and what follows it.
        if (!isEnd && sent[..^1].IndexOf(held) >= 0 && sent.Length > held.Length)
        {
            return true;
        }

        var overlap = Overlap(sent, held);
        if (overlap > 0 && overlap >= agrees)
        {
            return Settle(overlap, fresh);
        }

        if (Characters(held[..agrees]) >= _overlapCharacters)
        {
            IsDecided = HasDiverged = true;
            return false;
        }

        return Settle(sent[^_unseen..].CommonPrefixLength(held), fresh);
    }

    private bool Settle(int suppressed, IBufferWriter<byte> fresh)
    {
        IsDecided = true;
        Suppressed = suppressed;
        fresh.Write(_held.WrittenSpan[suppressed..]);
        return true;
    }

    /// <summary>The length of the longest start of <paramref name="held"/> that the sent text ends with, or 0 when it is too short to mean anything.</summary>
    private int Overlap(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> held)
    {
        for (var length = Math.Min(sent.Length, held.Length); length >= _overlapCharacters; length--)
        {
            if (sent.EndsWith(held[..length]) && Characters(held[..length]) >= _overlapCharacters)
            {
                return length;
            }
        }

        return 0;
    }

    /// <summary>Every byte that does not continue a character starts one (RFC 3629).</summary>
    private static int Characters(ReadOnlySpan<byte> text)
    {
        var characters = 0;
        foreach (var b in text)
        {
            characters += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return characters;
    }
}
