using Relay.Load.Cli;
using Relay.Load.Overhead;

namespace Relay.Load.Tests;

public class ArgumentsTests
{
    [Fact]
    public void Options_AreThoseOfTheHelpText()
    {
        var read = Arguments.Read(["overhead", "--rounds", "5", "--quick"]);
        Assert.Equal((5, true, false), (read.Whole("rounds", 3), read.Has("quick"), read.Has("h2")));
    }

    [Theory]
    [InlineData("load", "--minutes", "5")]
    [InlineData("soak", "--minutes")]
    [InlineData("soak", "minutes", "5")]
    public void UnknownOptionOrMissingValue_IsRefused(params string[] args) => Assert.Throws<UsageException>(() => Arguments.Read(args));

    [Theory]
    [InlineData(null, 6)]
    [InlineData("plain", 2)]
    [InlineData("plain,stream", 6)]
    [InlineData("paced", 2)]
    [InlineData("plain,closed", 1)]
    public void Only_ChoosesScenarios(string? only, int count) => Assert.Equal(count, Scenario.Select(only).Count);
}
