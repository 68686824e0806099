using System.Collections.Concurrent;
using Relay.Gateway.Config;

namespace Relay.Gateway.Routing;

/// <summary>
/// A model whose name ends in <c>*</c>. For each name that is asked for it makes a route with the real names of the targets; state, meter
/// and labels are those of the wildcard for all of them, so that clients cannot make series or memory. Thread-safe.
/// </summary>
/// <param name="wildcard">The model as configured.</param>
/// <param name="make">Makes a target of one of the wildcard's and its options with the real name.</param>
internal sealed class WildcardRoute(ModelRoute wildcard, Func<UpstreamTarget, TargetOptions, UpstreamTarget> make)
{
    /// <summary>Routes that are kept for the next request with the same name. Beyond it all are forgotten, and made again when they are asked for.</summary>
    public const int MaxKept = 256;

    private readonly Lock _gate = new();
    private readonly string _prefix = wildcard.Name[..^1];
    private ConcurrentDictionary<string, ModelRoute> _kept = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many are kept.</summary>
    public int Kept => _kept.Count;

    /// <summary>The name begins like it, and goes on.</summary>
    public bool Matches(string model) => model.Length > _prefix.Length && model.StartsWith(_prefix, StringComparison.Ordinal);

    /// <summary>The route of a name that matches; null when its rest can be no model's name.</summary>
    public ModelRoute? For(string model)
    {
        if (Volatile.Read(ref _kept).TryGetValue(model, out var route))
        {
            return route;
        }

        return IsName(model.AsSpan(_prefix.Length)) ? Keep(model, Make(model[_prefix.Length..])) : null;
    }

    private ModelRoute Keep(string model, ModelRoute route)
    {
        lock (_gate)
        {
            if (_count == MaxKept)
            {
                Volatile.Write(ref _kept, new(StringComparer.Ordinal));
                _count = 0;
            }

            _count += _kept.TryAdd(model, route) ? 1 : 0;
            return route;
        }
    }

    private ModelRoute Make(string rest) =>
        wildcard with { Targets = [.. wildcard.Targets.Select(t => t.Options.IsWildcard ? make(t, t.Options with { UpstreamModel = t.Options.UpstreamModel[..^1] + rest }) : t)] };

    /// <summary>
    /// The client's words become a part of URLs and of messages: letters, digits and what names of models are made of, and no part that
    /// is empty or only dots, which would lead out of its place in a URL.
    /// </summary>
    private static bool IsName(ReadOnlySpan<char> rest)
    {
        foreach (var part in rest.Split('/'))
        {
            if (rest[part].Trim('.').IsEmpty)
            {
                return false;
            }
        }

        foreach (var c in rest)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-._:/@+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
