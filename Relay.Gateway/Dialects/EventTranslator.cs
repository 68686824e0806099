using System.Buffers;

namespace Relay.Gateway.Dialects;

/// <summary>Translates the events of one stream from one dialect to another, as they come. Keeps only what later events need.</summary>
internal abstract class EventTranslator
{
    /// <summary>Translates one event.</summary>
    /// <param name="name">Its event field, or empty.</param>
    /// <param name="data">Its data lines, joined.</param>
    /// <param name="to">Receives none, one or several whole server-sent events, each with its blank line.</param>
    /// <returns>False when the event cannot be read: it is skipped and counted.</returns>
    public abstract bool Translate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> to);

    /// <summary>Goes on with a stream whose first part has passed through untranslated.</summary>
    /// <param name="blocks">How many blocks it has begun, where the form has blocks.</param>
    /// <param name="isTextOpen">The last of them is text, and not complete.</param>
    public virtual void Resume(int blocks, bool isTextOpen) =>
        throw new NotSupportedException("Nothing passes through in this form.");

    /// <summary>The body has ended: writes what is still owed, such as the end mark of an answer that is complete. Nothing when it is not.</summary>
    public abstract void End(IBufferWriter<byte> to);
}
