using System.Collections.Immutable;

namespace Relay.Gateway.Config.Reading;

/// <summary>
/// Options as several sections build them up: the product's defaults, then <c>$.defaults</c>, then the model's own.
/// Values that must be in an order (a backoff and its maximum) are settled at the end: one that nobody wrote gives way to one that
/// somebody did; two that were written and contradict each other are an error.
/// </summary>
/// <param name="Raw">The values as written, each with its own default.</param>
/// <param name="Settled">The values that hold.</param>
/// <param name="Written">The names of the fields that some section wrote.</param>
internal sealed record Layer<T>(T Raw, T Settled, ImmutableHashSet<string> Written)
{
    public static Layer<T> Of(T defaults) => new(defaults, defaults, []);
}

/// <summary>Settles the order of durations for one section.</summary>
internal sealed class Settling(ObjectReader section, ImmutableHashSet<string> written)
{
    /// <summary>Makes the first at most as long as the second.</summary>
    /// <param name="shortName">The field that must not be longer.</param>
    /// <param name="shorter">Its value.</param>
    /// <param name="longName">The field that must not be shorter.</param>
    /// <param name="longer">Its value.</param>
    /// <param name="mayGrow">The second gives way too; otherwise only the first does.</param>
    public (TimeSpan Shorter, TimeSpan Longer) AtMost(string shortName, TimeSpan shorter, string longName, TimeSpan longer, bool mayGrow = true)
    {
        if (shorter <= longer || section.IsWrong(shortName) || section.IsWrong(longName))
        {
            return (shorter, longer);
        }

        if (!written.Contains(shortName))
        {
            return (longer, longer);
        }

        if (mayGrow && !written.Contains(longName))
        {
            return (shorter, shorter);
        }

        // Where neither is this section's own, the section that wrote them has reported it already.
        var blamed = section.Has(shortName) ? shortName : longName;
        if (section.Has(blamed))
        {
            section.At.Field(blamed).Error(
                $"'{shortName}' ({DurationText.Format(shorter)}) is longer than '{longName}' ({DurationText.Format(longer)}{(written.Contains(longName) ? "" : ", its default")})",
                $"lower '{shortName}' or raise '{longName}'");
        }

        return (longer, longer);
    }
}
