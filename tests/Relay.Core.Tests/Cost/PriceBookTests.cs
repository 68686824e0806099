using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Cost;

public class PriceBookTests
{
    [Theory]
    [InlineData("openai/gpt-4.1", "openai/gpt-4.1")]
    [InlineData("openai/gpt-4.1-mini", "openai/gpt-4.1-*")]
    [InlineData("openai/gpt-4.1-", "openai/gpt-4.1-*")]
    [InlineData("openai/gpt-4.2", "openai/*")]
    [InlineData("openai/", "openai/*")]
    [InlineData("OpenAI/gpt-4.1", null)]
    [InlineData("anthropic/claude", null)]
    [InlineData("", null)]
    public void Exact_wins_then_the_longest_prefix_and_nothing_is_guessed(string target, string? expected)
    {
        var prices = new[] { "openai/*", "openai/gpt-4.1", "openai/gpt-4.1-*" }.ToDictionary(name => name, _ => AnyPrice());
        var book = new PriceBook(prices);
        Assert.Equal(3, book.Count);
        Assert.Same(expected is null ? null : prices[expected], book.Find(target));
    }

    [Fact]
    public void Finding_equals_a_scan_over_all_names() =>
        Invariant.Holds(
            from names in (from letters in Gen.Elements('a', 'b').ArrayOf() from star in Gen.Elements("", "*") select new string(letters) + star).ListOf()
            from target in Gen.Elements('a', 'b').ArrayOf().Select(letters => new string(letters))
            select (names: names.Where(name => name.Length > 0).Distinct().ToList(), target),
            test =>
            {
                var prices = test.names.ToDictionary(name => name, _ => AnyPrice());
                var best = test.names
                    .Where(name => name == test.target || (name[^1] == '*' && test.target.StartsWith(name[..^1], StringComparison.Ordinal)))
                    .OrderByDescending(name => name == test.target)
                    .ThenByDescending(name => name.Length)
                    .FirstOrDefault();
                Assert.Same(best is null ? null : prices[best], new PriceBook(prices).Find(test.target));
            },
            runs: 1000);

    [Theory]
    [InlineData("")]
    [InlineData("a*b")]
    [InlineData("a**")]
    [InlineData("*a")]
    public void Names_that_are_no_target_and_no_prefix_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new PriceBook([new(name, AnyPrice())]));

    [Theory]
    [InlineData("a")]
    [InlineData("a*")]
    public void A_name_given_twice_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new PriceBook([new(name, AnyPrice()), new(name, AnyPrice())]));

    [Fact]
    public void An_unknown_target_has_no_cost_and_a_free_one_costs_nothing()
    {
        var book = new PriceBook([new("local/*", new Price(new PriceRates { Input = 0, Output = 0 }))]);
        var usage = new Usage { InputTokens = 1_000_000, OutputTokens = 1_000_000 };
        Assert.Equal(NanoUsd.Zero, book.Cost("local/llama", usage));
        Assert.Null(book.Cost("openai/gpt-4.1", usage));
        Assert.Null(PriceBook.Empty.Cost("local/llama", usage));
    }

    private static Price AnyPrice() => new(new PriceRates { Input = 1, Output = 1 });
}
