using Relay.Cli.Server;
using Relay.Cli.Top;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Tests.Top;

/// <summary>Figures in few characters, sorting, and addresses.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(99_999, "99,999")]
    [InlineData(100_000, "100k")]
    [InlineData(999_999, "999k")]
    [InlineData(1_234_567, "1.23M")]
    [InlineData(9_223_372_036_854_775_807, "9223372037G")]
    public void Counts(long count, string text) => Assert.Equal(text, Format.Count(count));

    [Theory]
    [InlineData(1, "100%")]
    [InlineData(0.999999, "99.9%")]
    [InlineData(0.994, "99.4%")]
    [InlineData(0.58, "58.0%")]
    [InlineData(0, "0.0%")]
    public void Percents_AreCutSoThat100MeansAll(double share, string text) => Assert.Equal(text, Format.Percent(share));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.04, "0.0ms")]
    [InlineData(9.94, "9.9ms")]
    [InlineData(9.96, "10ms")]
    [InlineData(999.4, "999ms")]
    [InlineData(999.6, "1.00s")]
    [InlineData(12_345.0, "12.3s")]
    [InlineData(59_960.0, "1m00s")]
    [InlineData(3_600_000.0, "1h00m")]
    public void Times(double? milliseconds, string text) => Assert.Equal(text, Format.Milliseconds(milliseconds));

    [Theory]
    [InlineData(0, "$0")]
    [InlineData(1, "<$0.0001")]
    [InlineData(66_000, "$0.0001")]
    [InlineData(1_234_567_891, "$1.23")]
    [InlineData(1_234_567_891_000, "$1,235")]
    [InlineData(2_500_000_000_000_000, "$2.50M")]
    public void Costs(long nanoUsd, string text) => Assert.Equal(text, Format.Cost(nanoUsd));

    [Fact]
    public void Cut_KeepsWidthsOfWideLetters()
    {
        Assert.Equal(7, FittedTable.WidthOf(FittedTable.Fit("模型模型模型", 7, isLeft: true)));
        Assert.Equal("abc…", FittedTable.Fit("abcdef", 4, isLeft: true));
        Assert.Equal(" ab", FittedTable.Fit("ab", 3, isLeft: false));
        Assert.Equal(3, FittedTable.WidthOf(FittedTable.Fit("a😀😀", 3, isLeft: true)));
    }

    [Theory]
    [InlineData(nameof(SortBy.Requests), "b,c,a,d")]
    [InlineData(nameof(SortBy.Success), "b,c,a,d")]
    [InlineData(nameof(SortBy.P95), "c,b,a,d")]
    [InlineData(nameof(SortBy.Cost), "a,b,c,d")]
    [InlineData(nameof(SortBy.Name), "a,b,c,d")]
    public void Sorts_PutTroubleFirstAndTheUnknownLast(string by, string order)
    {
        ModelFigures[] models =
        [
            new() { Model = "d", Requests = new() },
            new() { Model = "c", Requests = new() { Count = 2, SuccessRate = 0.5, LatencyMs = new() { P95 = 9 }, CostNanoUsd = 1 } },
            new() { Model = "b", Requests = new() { Count = 3, SuccessRate = 0.1, LatencyMs = new() { P95 = 5 }, CostNanoUsd = 2 } },
            new() { Model = "a", Requests = new() { Count = 1, SuccessRate = 1, CostNanoUsd = 3 } },
        ];
        Assert.Equal(order, string.Join(',', Sorting.Apply(models, Enum.Parse<SortBy>(by), isReversed: false).Select(model => model.Model)));
    }

    [Theory]
    [InlineData("h", "http://h:8091/")]
    [InlineData("h:80", "http://h:80/")]
    [InlineData("10.1.2.3:9000", "http://10.1.2.3:9000/")]
    [InlineData("[::1]:9000", "http://[::1]:9000/")]
    [InlineData("::1", "http://[::1]:8091/")]
    [InlineData("https://relay.internal", "https://relay.internal:8091/")]
    [InlineData("https://relay.internal:443/", "https://relay.internal:443/")]
    public void Addresses_AreRead(string text, string uri)
    {
        Assert.True(ServerAddress.TryParse(text, out var address));
        Assert.Equal(uri, $"{address.Uri.Scheme}://{address.Uri.Host}:{address.Uri.Port}/");
    }

    [Theory]
    [InlineData("")]
    [InlineData("h:0")]
    [InlineData("h:99999")]
    [InlineData("h/path")]
    [InlineData("ftp://h")]
    [InlineData("user@h:1")]
    public void WrongAddresses_AreRefused(string text) => Assert.False(ServerAddress.TryParse(text, out _));
}
