using Relay.Core.Cost;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>prices</c>: US dollars per million tokens, as exact decimals.</summary>
internal static class PricesReader
{
    /// <summary>Bounds of every rate.</summary>
    public static readonly NumberBounds Rate = new(0, PriceRates.MaxUsdPerMillion);

    /// <summary>Bounds of <c>aboveInputTokens</c>.</summary>
    public static readonly NumberBounds Threshold = new(0, Usage.MaxReportedTokens);

    private const string Example = "{ \"openai/gpt-4.1\": { \"input\": 2.00, \"output\": 8.00 } }";

    public static PriceBook Read(JsonCursor? at, ProviderSet providers)
    {
        if (at is not { } here || here.AsMembers($"write {Example}") is not { } members)
        {
            return PriceBook.Empty;
        }

        var prices = new Dictionary<string, Price>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            var isGood = CheckName(name, value, providers);
            if (ReadOne(value) is { } price && isGood)
            {
                prices[name] = price;
            }
        }

        return new(prices);
    }

    private static bool CheckName(string name, JsonCursor at, ProviderSet providers)
    {
        var star = name.IndexOf('*', StringComparison.Ordinal);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var isForm = name.Length > 0 && (star < 0 ? slash > 0 && slash < name.Length - 1 : star == name.Length - 1 && slash != 0);
        if (!isForm)
        {
            at.Error($"{SafeText.Show(name)} is neither a target nor a beginning of targets", "write \"provider/upstream-model\", or a beginning that ends in *, such as \"openai/*\"");
            return false;
        }

        // A price of a provider that is not there would never apply: most likely it is misspelt.
        return slash < 0 || TargetsReader.CheckProvider(name[..slash], at, providers);
    }

    private static Price? ReadOne(JsonCursor at)
    {
        if (ObjectReader.Open(at, $"write {Example}") is not { } section)
        {
            return null;
        }

        var rates = Rates(section);
        var tiers = section.Field("tiers") is { } list ? Tiers(list) : [];
        section.Close();
        return rates is null ? null : new(rates, tiers);
    }

    private static List<PriceTier> Tiers(JsonCursor at)
    {
        const string Form = "{ \"aboveInputTokens\": 200000, \"input\": 4.00, \"output\": 12.00 }";
        var tiers = new List<PriceTier>();
        var seen = new Dictionary<long, string>();
        foreach (var item in at.AsList($"write [ {Form} ]") ?? [])
        {
            if (ObjectReader.Open(item, $"write {Form}") is not { } section)
            {
                continue;
            }

            var threshold = ReadThreshold(section, Form);
            var rates = Rates(section);
            section.Close();
            if (threshold is { } above && !seen.TryAdd(above, item.Path))
            {
                item.Field("aboveInputTokens").Error($"{above} is already at {seen[above]}", "give each tier a threshold of its own");
            }
            else if (threshold is { } && rates is not null)
            {
                tiers.Add(new(threshold.Value, rates));
            }
        }

        return tiers;
    }

    private static long? ReadThreshold(ObjectReader section, string form) =>
        section.Required("aboveInputTokens", $"add the number of prompt tokens above which the tier holds: {form}") is { } at
            ? (long?)ObjectReader.Decimal(at, Threshold, isWhole: true, defaultText: null)
            : null;

    private static PriceRates? Rates(ObjectReader section)
    {
        var input = Required(section, "input");
        var output = Required(section, "output");
        var rates = new PriceRates
        {
            Input = input ?? 0,
            Output = output ?? 0,
            CachedInput = Optional(section, "cachedInput", "the rate of input"),
            CacheWrite5m = Optional(section, "cacheWrite5m", "the rate of input"),
            CacheWrite1h = Optional(section, "cacheWrite1h", "the rate of input"),
            Reasoning = Optional(section, "reasoning", "the rate of output"),
            AudioInput = Optional(section, "audioInput", "the rate of input"),
            AudioOutput = Optional(section, "audioOutput", "the rate of output"),
        };
        return input is null || output is null ? null : rates;
    }

    private static decimal? Required(ObjectReader section, string name) =>
        section.Required(name, $"add \"{name}\" in US dollars per million tokens; 0 if it is free") is { } at
            ? ObjectReader.Decimal(at, Rate, isWhole: false, defaultText: null)
            : null;

    private static decimal? Optional(ObjectReader section, string name, string defaultText) =>
        section.Field(name) is { } at ? ObjectReader.Decimal(at, Rate, isWhole: false, defaultText) : null;
}
