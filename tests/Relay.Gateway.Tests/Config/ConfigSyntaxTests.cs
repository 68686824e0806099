using System.Text;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

public sealed class ConfigSyntaxTests
{
    public static TheoryData<string, string, string> Broken => new()
    {
        { "", "the file is empty", "providers" },
        { " \n\t ", "the file is empty", "providers" },
        { "{\n  \"models\": {\n    oops\n  }\n}", "line 3, column 5: not valid JSON here", "comma" },
        { "{ \"a\": 1 \"b\": 2 }", "line 1, column 10: unexpected \"", "comma" },
        { "{ \"é\": \"é\" ] }", "line 1, column 12: unexpected ]", "bracket" },
        { "{ \"a\": [1, 2 }", "line 1, column 14: unexpected }", "bracket" },
        { "{ \"a\": 1", "the file ends too early", "close every" },
        { "{ \"a\": 1 } /* comment", "line 1, column 12: unexpected /", "end of a comment" },
        { "{ } { }", "line 1, column 5: unexpected {", "bracket" },
        { "{ \"a\": \"x\ny\" }", "line 1, column 10: not valid JSON here", "quote" },
        { "{ \"a\": \"\\ud800\" }", "line 1, column 8: a text has half of a \\u surrogate pair", "itself" },
        { "{ \"\\udc00\": 1 }", "line 1, column 3: a text has half of a \\u surrogate pair", "itself" },
        { "{ \"a\":\n" + new string('[', 16) + new string(']', 16) + "}", "line 2, column 16: nested more than 16 deep", "docs/config.md" },
        { new string('[', 100_000), "column 17: nested more than 16 deep", "docs/config.md" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Syntax_error_gives_line_and_column(string text, string message, string fix) => ConfigText.OnlyError(text, "$", message, fix);

    [Fact]
    public void Invalid_utf8_gives_the_place_of_the_first_bad_byte()
    {
        byte[] bytes = [.. "{\n  \"é"u8, 0xff, .. "\": 1 }"u8];

        var result = ConfigLoader.Parse(bytes, null, new FakeEnvironment());

        Assert.Equal("$: line 2, column 5: the file is not valid UTF-8; save it as UTF-8", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void Byte_order_mark_comments_and_trailing_commas_are_allowed()
    {
        var text = "\uFEFF// first\n" + ConfigText.Minimal.Replace("[ \"openai/gpt-4.1\" ]", "[ \"openai/gpt-4.1\", /* more */ ],", StringComparison.Ordinal);

        Assert.Single(ConfigText.Valid(text).Models);
    }

    [Fact]
    public void File_over_4_MiB_is_refused()
    {
        var padded = ConfigText.Minimal + new string(' ', ConfigLoader.MaxFileBytes);
        var env = new FakeEnvironment().File("/relay/relay.json", padded);

        ConfigText.OnlyError(padded, "$", "larger than 4 MiB", "right file");
        Assert.Contains("larger than 4 MiB", Assert.Single(ConfigLoader.Load("relay.json", env).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "a list")]
    [InlineData("\"text\"", "a string")]
    [InlineData("null", "null")]
    [InlineData("1", "a number")]
    public void Root_that_is_no_object_is_refused(string text, string kind) =>
        ConfigText.OnlyError(text, "$", $"must be an object, but is {kind}", "providers");

    [Fact]
    public void Syntax_error_never_repeats_the_text()
    {
        var result = ConfigText.Parse("""{ "providers": { "openai": { "apiKey": tsk-live-secret } } }""");

        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("tsk", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_capped_and_the_rest_is_counted()
    {
        var text = new StringBuilder(ConfigText.Minimal.TrimEnd()[..^1]);
        for (var i = 0; i < 5000; i++)
        {
            text.Append($", \"unknown{i}\": {i}");
        }

        var result = ConfigText.Parse(text.Append('}').ToString());

        Assert.Equal(1001, result.Errors.Length);
        Assert.Equal("there are 4000 more errors", result.Errors[^1].Message);
    }

    [Fact]
    public void File_full_of_errors_is_read_in_bounded_time()
    {
        var targets = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"opnai/{i}\""));

        var result = ConfigText.Parse($"{{ \"providers\": {{ \"openai\": {{ \"baseUrl\": \"http://h/v1\" }} }}, \"models\": {{ \"m\": {{ \"targets\": [ {targets} ] }} }} }}");

        Assert.Equal(1001, result.Errors.Length);
    }
}
