using System.Collections.Frozen;

namespace Relay.Core.Cost;

/// <summary>
/// Prices by target name (<c>openai/gpt-4.1</c>). A name may end in <c>*</c> and then stands for all targets that begin like
/// it. The exact name wins, then the longest matching prefix; where nothing matches there is no price, and no guess.
/// Names are compared ordinally. Immutable and thread-safe.
/// </summary>
public sealed class PriceBook
{
    private const char Wildcard = '*';

    private readonly FrozenDictionary<string, Price> _exact;
    private readonly (string Prefix, Price Price)[] _longestFirst;

    /// <summary>Creates a book.</summary>
    /// <param name="prices">A price for each name; <c>*</c> alone matches every target.</param>
    /// <exception cref="ArgumentException">A name is empty, is there twice, or has a <c>*</c> that is not its last character.</exception>
    public PriceBook(IEnumerable<KeyValuePair<string, Price>> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var exact = new Dictionary<string, Price>(StringComparer.Ordinal);
        var prefixes = new Dictionary<string, Price>(StringComparer.Ordinal);
        foreach (var (name, price) in prices)
        {
            ArgumentNullException.ThrowIfNull(price, nameof(prices));
            var star = name.IndexOf(Wildcard, StringComparison.Ordinal);
            var isValid = name.Length > 0 && (star < 0 || star == name.Length - 1);
            if (!isValid || !(star < 0 ? exact.TryAdd(name, price) : prefixes.TryAdd(name[..star], price)))
            {
                throw new ArgumentException($"The price name \"{name}\" is empty, there twice, or has a * before its end.", nameof(prices));
            }
        }

        _exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        _longestFirst = [.. prefixes.OrderByDescending(entry => entry.Key.Length).Select(entry => (entry.Key, entry.Value))];
    }

    /// <summary>The book in which nothing has a price.</summary>
    public static PriceBook Empty { get; } = new([]);

    /// <summary>How many names there are, wildcards included.</summary>
    public int Count => _exact.Count + _longestFirst.Length;

    /// <summary>The price of a target, or null when none is known.</summary>
    /// <param name="target">A target's name, <c>provider/model</c>.</param>
    public Price? Find(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (_exact.TryGetValue(target, out var price))
        {
            return price;
        }

        foreach (var (prefix, candidate) in _longestFirst)
        {
            if (target.StartsWith(prefix, StringComparison.Ordinal))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>What one request cost at a target, rounded once; null when the target has no price: the request is then unpriced, not free.</summary>
    /// <param name="target">A target's name, <c>provider/model</c>.</param>
    /// <param name="usage">The usage of that single request.</param>
    public NanoUsd? Cost(string target, in Usage usage) => Find(target)?.Cost(usage);
}
