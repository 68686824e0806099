using System.Buffers;
using System.Text.Json;
using Relay.Core.Attempts;
using Relay.Core.Errors;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Rescue;

/// <summary>
/// What a client has been sent of a stream of plain text, kept so that another target can go on with it: the first chunk, for its id and
/// model, and the text, both in one piece of pooled memory. It closes for good where nobody else could go on.
/// </summary>
internal sealed class SentAnswer(RescueOptions options) : IDisposable
{
    private const int FirstSize = 2048;
    private const int MaxChunk = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _head;
    private int _length;
    private List<StreamBreak>? _breaks;

    /// <summary>Another target could still go on.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The first chunk that named a choice, or empty.</summary>
    public ReadOnlySpan<byte> FirstChunk => _bytes.AsSpan(0, _head);

    /// <summary>The text sent so far, UTF-8. Moves when more is added.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(_head, _length - _head);

    /// <summary>Chunks with output that went into it.</summary>
    public long Deltas { get; set; }

    /// <summary>Where it broke, in order; empty for most.</summary>
    public IReadOnlyList<StreamBreak> Breaks => _breaks ?? (IReadOnlyList<StreamBreak>)[];

    /// <summary>It broke, and another target is to go on.</summary>
    public bool IsBroken => _breaks is not null;

    /// <summary>The client was not sent a usage chunk that came: it is owed one at the end.</summary>
    public bool OwesUsage { get; private set; }

    /// <summary>How it is rescued.</summary>
    public RescueOptions Options => options;

    /// <summary>A new attempt begins before anything was sent.</summary>
    public void Restart() => (_head, _length, Deltas, IsOpen, OwesUsage) = (0, 0, 0, true, false);

    /// <summary>Keeps what a rescue would need of a chunk that is about to be sent.</summary>
    public void Keep(ReadOnlySpan<byte> chunk, in ChunkScan scan)
    {
        if (!scan.HasChoices)
        {
            return;
        }

        Start(chunk);
        if (scan.HasOther || scan.Seen > 1)
        {
            Close();
        }
        else if (scan.ContentLength > 0)
        {
            AppendJson(chunk.Slice(scan.ContentStart, scan.ContentLength));
        }

        if (scan.Finished != 0)
        {
            // The client has the end of its answer: nobody may go on.
            Close();
        }
    }

    /// <summary>True when a usage chunk must not be sent on: its answer has no finish_reason yet, and who goes on with it has a usage too.</summary>
    public bool KeepsUsage(bool isFinished)
    {
        var keeps = IsOpen && !isFinished && _head > 0;
        OwesUsage |= keeps;
        return keeps;
    }

    /// <summary>Keeps the first chunk; later ones are ignored.</summary>
    private void Start(ReadOnlySpan<byte> chunk)
    {
        if (_head > 0 || !IsOpen)
        {
            return;
        }

        if (chunk.Length > MaxChunk)
        {
            Close();
            return;
        }

        Append(chunk);
        _head = chunk.Length;
    }

    /// <summary>Adds text.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        if (!IsOpen || !TryReserve(text.Length))
        {
            return;
        }

        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>Adds text as it stands between the quotes of a JSON string.</summary>
    private void AppendJson(ReadOnlySpan<byte> escaped)
    {
        if (escaped.IndexOf((byte)'\\') < 0)
        {
            Append(escaped);
            return;
        }

        if (!IsOpen || !TryReserve(escaped.Length))
        {
            return;
        }

        try
        {
            _length += Unescape(escaped, _bytes.AsSpan(_length));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: the other half is in the next chunk, and neither is text by itself.
            Close();
        }
    }

    /// <summary>Nobody else could go on from here: a tool call has begun, or the text is longer than what is kept.</summary>
    public void Close() => IsOpen = false;

    /// <summary>It broke; the next target goes on.</summary>
    public void Break(string target, ErrorKind error, TimeSpan after) => (_breaks ??= []).Add(new(target, error, after, _length - _head));

    /// <inheritdoc/>
    public void Dispose()
    {
        IsOpen = false;
        (_head, _length) = (0, 0);
        if (Interlocked.Exchange(ref _bytes, []) is { Length: > 0 } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    /// <summary>Unescaping never makes text longer.</summary>
    private static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> to)
    {
        var quoted = ArrayPool<byte>.Shared.Rent(escaped.Length + 2);
        try
        {
            quoted[0] = (byte)'"';
            escaped.CopyTo(quoted.AsSpan(1));
            quoted[escaped.Length + 1] = (byte)'"';
            var json = new Utf8JsonReader(quoted.AsSpan(0, escaped.Length + 2));
            json.Read();
            return json.CopyString(to);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(quoted);
        }
    }

    private bool TryReserve(int more)
    {
        if (_length - _head + more > options.MaxTextBytes)
        {
            Close();
            return false;
        }

        if (_bytes.Length - _length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return true;
    }
}

/// <summary>Where a stream broke.</summary>
/// <param name="Target">Whose stream it was.</param>
/// <param name="Error">How it broke.</param>
/// <param name="After">From the request's arrival.</param>
/// <param name="SentBytes">Text that the client had by then.</param>
internal readonly record struct StreamBreak(string Target, ErrorKind Error, TimeSpan After, int SentBytes);
