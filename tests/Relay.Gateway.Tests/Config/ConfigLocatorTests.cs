using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

public sealed class ConfigLocatorTests
{
    private static FakeEnvironment AllThree => new FakeEnvironment().Variable("RELAY_CONFIG", "by-variable.json")
        .File("/relay/by-argument.json", "").File("/relay/by-variable.json", "").File("/relay/relay.json", "");

    [Theory]
    [InlineData("--config", "by-argument.json")]
    [InlineData("--config=by-argument.json")]
    [InlineData("--urls", "x", "--config", "/relay/by-argument.json", "--more")]
    public void Argument_wins(params string[] args) => Assert.Equal(new("/relay/by-argument.json", null), ConfigLocator.Find(args, AllThree));

    [Fact]
    public void Variable_wins_over_the_working_folder() => Assert.Equal(new("/relay/by-variable.json", null), ConfigLocator.Find(["--other"], AllThree));

    [Fact]
    public void Working_folder_is_last_and_an_empty_variable_counts_as_unset() =>
        Assert.Equal(new("/relay/relay.json", null), ConfigLocator.Find([], AllThree.Variable("RELAY_CONFIG", "")));

    [Fact]
    public void Nothing_there_means_the_demo() => Assert.Equal(new(null, null), ConfigLocator.Find([], new FakeEnvironment()));

    [Fact]
    public void Named_file_that_is_not_there_is_an_error_and_not_the_next_place()
    {
        var byArgument = ConfigLocator.Find(["--config", "../gone.json"], AllThree);
        var byVariable = ConfigLocator.Find([], AllThree.Variable("RELAY_CONFIG", "gone.json"));

        Assert.Null(byArgument.Path);
        Assert.Equal("--config", byArgument.Error!.Path);
        Assert.Contains("looked for /gone.json", byArgument.Error.Message, StringComparison.Ordinal);
        Assert.Null(byVariable.Path);
        Assert.Equal("RELAY_CONFIG", byVariable.Error!.Path);
        Assert.Contains("looked for /relay/gone.json", byVariable.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names no file", "--config")]
    [InlineData("names no file", "--config=")]
    [InlineData("names no file", "--config", "--other")]
    [InlineData("more than once", "--config", "a", "--config=b")]
    [InlineData("zero byte", "--config", "a\0b")]
    public void Unclear_argument_is_an_error(string message, params string[] args) =>
        Assert.Contains(message, ConfigLocator.Find(args, AllThree).Error!.Message, StringComparison.Ordinal);
}
