using System.Text;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Tests.Routing;

/// <summary>Which requests count as one conversation.</summary>
public sealed class AffinityKeyTests
{
    private const string First = """{"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hello"}]}""";

    public static TheoryData<string, string> Same => new()
    {
        // Later turns, options, white space, names of roles behind the content.
        { First, """{"stream":true,"model":"n","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hello"},{"role":"assistant","content":"hi"},{"role":"user","content":"more"}]}""" },
        { First, """{ "model": "m", "messages": [ { "role": "system", "content": "be brief" }, { "role": "user", "content": "hello" } ], "temperature": 1 }""" },
        { """{"prompt_cache_key":"a","messages":[{"role":"user","content":"x"}]}""", """{"messages":[{"role":"user","content":"y"}],"prompt_cache_key":"a"}""" },
        {
            """{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]}""",
            """{"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":"b"},{"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"ephemeral"}}]}]}"""
        },
        { """{"messages":[{"content":"x","role":"user"}]}""", """{"messages":[{"content":"x","role":"user"},{"content":"y","role":"user"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Turns_of_one_conversation_have_one_key(string a, string b)
    {
        Assert.NotNull(Of(a));
        Assert.Equal(Of(a), Of(b));
    }

    public static TheoryData<string, string> Different => new()
    {
        { First, First.Replace("brief", "long", StringComparison.Ordinal) }, { First, First.Replace("hello", "bye", StringComparison.Ordinal) },
        { First, First.Replace("\"system\"", "\"user\"", StringComparison.Ordinal) },
        { """{"prompt_cache_key":"a","messages":[]}""", """{"prompt_cache_key":"b","messages":[]}""" },
        { """{"system":"a","messages":[{"role":"user","content":"x"}]}""", """{"system":"b","messages":[{"role":"user","content":"x"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Different))]
    public void Other_conversations_have_other_keys(string a, string b) => Assert.NotEqual(Of(a), Of(b));

    [Theory]
    [InlineData("""{"input":"x"}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x"}]}""")]
    [InlineData("""{"messages":[{"content":"x"}],"prompt_cache_key":{"a":["b"]}}""")]
    public void Request_that_tells_nothing_has_no_key(string body) => Assert.Null(Of(body));

    [Theory]
    [InlineData("""{"prompt_cache_key":null,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"prompt_cache_key":["x",{"messages":1}],"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"prompt_cache_key":"","messages":[{"role":"user","content":"x"}]}""")]
    public void Key_that_is_no_text_is_passed_over(string body) => Assert.Equal(Of("""{"messages":[{"role":"user","content":"x"}]}"""), Of(body));

    [Fact]
    public void What_is_behind_64_KiB_makes_no_difference()
    {
        var prefix = new string('x', AffinityKey.MaxBytes);

        Assert.Equal(Of(User(prefix + "a")), Of(User(prefix + "b")));
        Assert.NotEqual(Of(User(prefix[..^100] + "a")), Of(User(prefix[..^100] + "b")));
    }

    private static string User(string text) => $$"""{"messages":[{"role":"user","content":"{{text}}"}]}""";

    private static ulong? Of(string body) => AffinityKey.Of(Encoding.UTF8.GetBytes(body));
}
