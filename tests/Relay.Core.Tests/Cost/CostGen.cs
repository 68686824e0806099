using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Cost;

namespace Relay.Core.Tests.Cost;

/// <summary>Random usages and prices.</summary>
internal static class CostGen
{
    public static readonly Gen<Usage> Usage =
        from tokens in Gen.Frequency((1, Gen.Constant(0L)), (4, Gen.Choose(0, 300_000).Select(t => (long)t))).ArrayOf(TokenCategories.Count)
        from estimated in Gen.Elements(true, false)
        select Of(category => tokens[(int)category]) with { Estimated = estimated };

    /// <summary>Rates as providers print them, and odd ones with up to nine decimals, which make halves to round.</summary>
    public static readonly Gen<decimal> Rate = Gen.OneOf(
        Gen.Elements(0m, 0.075m, 0.1m, 0.4m, 1.25m, 3m, 15m, 0.0005m, 0.00025m, PriceRates.MaxUsdPerMillion),
        from digits in Gen.Choose(0, int.MaxValue)
        from scale in Gen.Choose(0, 9)
        select Math.Min(PriceRates.MaxUsdPerMillion, new decimal(digits, 0, 0, false, (byte)scale)));

    public static readonly Gen<PriceRates> Rates =
        from required in Rate.Two()
        from others in Gen.OneOf(Gen.Constant((decimal?)null), Rate.Select(rate => (decimal?)rate)).ArrayOf(6)
        select new PriceRates
        {
            Input = required.Item1,
            Output = required.Item2,
            CachedInput = others[0],
            CacheWrite5m = others[1],
            CacheWrite1h = others[2],
            Reasoning = others[3],
            AudioInput = others[4],
            AudioOutput = others[5],
        };

    public static Usage Of(Func<TokenCategory, long> tokens) => new()
    {
        InputTokens = tokens(TokenCategory.Input),
        CachedInputTokens = tokens(TokenCategory.CachedInput),
        CacheWrite5mTokens = tokens(TokenCategory.CacheWrite5m),
        CacheWrite1hTokens = tokens(TokenCategory.CacheWrite1h),
        OutputTokens = tokens(TokenCategory.Output),
        ReasoningTokens = tokens(TokenCategory.Reasoning),
        AudioInputTokens = tokens(TokenCategory.AudioInput),
        AudioOutputTokens = tokens(TokenCategory.AudioOutput),
    };
}
