using System.Buffers;
using System.Text;
using FsCheck.Fluent;
using Relay.Core.Attempts;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Attempts;

public class ContinuationMatcherTests
{
    private const string Sent = "The sky is blue because sunlight is scattered";

    [Theory]
    [InlineData(" by the air.", " by the air.", "a continuation")]
    [InlineData("", "", "nothing")]
    [InlineData("The sky is blue because sunlight is scattered by the air.", " by the air.", "the whole text again")]
    [InlineData("The sky is blue because sunlight is scattered", "", "the whole text again and no more")]
    [InlineData("sunlight is scattered by the air.", " by the air.", "an overlap")]
    [InlineData("ght is scattered by", " by", "an overlap of exactly the fewest characters")]
    [InlineData("sunlight is scattered", "", "an overlap and no more")]
    [InlineData("ht is scattered by", "ht is scattered by", "an overlap of one character too few")]
    [InlineData("The sky goes on", "The sky goes on", "a start that agrees in a few characters only")]
    [InlineData("is blue, and more", "is blue, and more", "words that stand in the sent text, but not at its end")]
    public void Continuation_is_joined_to_the_sent_text(string next, string fresh, string what)
    {
        Assert.True((fresh, false) == Join(Sent, [next], 16), what);
    }

    [Theory]
    [InlineData("The sky is blue because of Rayleigh scattering.")]
    [InlineData("The sky is blue because")]
    [InlineData("The sky is blue because!")]
    public void Start_that_agrees_and_then_goes_another_way_diverges(string next)
    {
        Assert.True(Join(Sent, [next], 16).Diverged);
    }

    [Fact]
    public void Text_that_repeats_itself_loses_only_its_longest_overlap()
    {
        Assert.Equal((" nine", false), Join("one two three one two three", ["one two three one two three nine"], 4));
        Assert.Equal((" nine", false), Join("zero one two three one two three", ["one two three one two three nine"], 4));
        Assert.Equal((" four", false), Join("zero one two three, one two three", ["one two three four"], 4));
    }

    [Fact]
    public void Short_text_is_left_out_when_it_comes_again()
    {
        Assert.Equal((" sky", false), Join("The", ["The sky"], 16));
    }

    [Theory]
    [InlineData("The sky is ", 1, " blue", "blue")]
    [InlineData("The sky is ", 1, "blue", "blue")]
    [InlineData("The sky is ", 0, " blue", " blue")]
    [InlineData("One.\n\n", 2, "\n\nTwo.", "Two.")]
    [InlineData("One.\n\n", 2, "\nTwo.", "Two.")]
    [InlineData("One.\n\n", 2, " Two.", " Two.")]
    [InlineData("One.\n\n", 2, "\n\n", "")]
    [InlineData("  ", 2, "  Two.", "Two.")]
    public void What_the_model_was_not_shown_is_left_out_when_it_says_it_itself(string sent, int unseen, string next, string fresh)
    {
        Assert.Equal((fresh, false), Join(sent, [next], 16, unseen));
        Assert.Equal((fresh, false), Join(sent, next.Select(c => c.ToString()), 16, unseen));
    }

    [Fact]
    public void Characters_of_several_bytes_count_as_one()
    {
        Assert.Equal(("終", false), Join("青い空は青い", ["空は青い終"], 4));
        Assert.Equal(("空は青い終", false), Join("青い空は青い", ["空は青い終"], 5));
    }

    [Fact]
    public void Text_that_is_told_apart_goes_out_at_once()
    {
        var matcher = new ContinuationMatcher(Encoding.UTF8.GetBytes(Sent), 16);
        var fresh = new ArrayBufferWriter<byte>();

        Assert.True(matcher.Add(" is"u8, fresh));
        Assert.Equal(0, fresh.WrittenCount);
        Assert.True(matcher.Add(" gone"u8, fresh));
        Assert.Equal(" is gone", Encoding.UTF8.GetString(fresh.WrittenSpan));
        Assert.True(matcher.IsDecided);
    }

    /// <summary>A few letters, so that repeats and overlaps of all kinds come up.</summary>
    [Fact]
    public void Any_text_under_any_split_is_joined_as_the_rule_says()
    {
        var text = Gen.Elements('a', 'b', 'é').ArrayOf().Select(c => new string(c));
        var cases = from sent in text
                    from head in Gen.Choose(0, sent.Length)
                    from tail in text
                    from kind in Gen.Choose(0, 3)
                    from splits in Gen.Choose(1, 3).ArrayOf()
                    let next = kind switch { 0 => tail, 1 => sent + tail, 2 => sent[head..] + tail, _ => sent[..head] + tail }
                    select (sent, next, splits);
        Invariant.Holds(cases, c =>
        {
            var joined = Join(c.sent, Split(c.next, c.splits), 4);
            var expected = Rule(c.sent, c.next, 4);
            Assert.Equal(expected is null, joined.Diverged);
            Assert.True(joined.Diverged || joined.Fresh == expected, $"'{joined.Fresh}' for '{expected}'");
        }, 5_000);
    }

    /// <summary>The rule on whole texts; null where they diverge.</summary>
    private static string? Rule(string sent, string next, int overlap)
    {
        if (sent.Length == 0 || next.StartsWith(sent, StringComparison.Ordinal))
        {
            return next[sent.Length..];
        }

        var agrees = sent.Zip(next).TakeWhile(p => p.First == p.Second).Count();
        for (var k = Math.Min(sent.Length, next.Length); k >= Math.Max(overlap, agrees); k--)
        {
            if (sent.EndsWith(next[..k], StringComparison.Ordinal))
            {
                return next[k..];
            }
        }

        return agrees >= overlap ? null : next;
    }

    private static List<string> Split(string text, int[] lengths)
    {
        var pieces = new List<string>();
        foreach (var length in lengths)
        {
            pieces.Add(text[..Math.Min(length, text.Length)]);
            text = text[pieces[^1].Length..];
        }

        return [.. pieces, text];
    }

    private static (string Fresh, bool Diverged) Join(string sent, IEnumerable<string> next, int overlap, int unseen = 0)
    {
        var matcher = new ContinuationMatcher(Encoding.UTF8.GetBytes(sent), overlap, unseen);
        var fresh = new ArrayBufferWriter<byte>();
        var agrees = next.All(piece => matcher.Add(Encoding.UTF8.GetBytes(piece), fresh)) && matcher.End(fresh);
        Assert.Equal(!agrees, matcher.HasDiverged);
        return (Encoding.UTF8.GetString(fresh.WrittenSpan), !agrees);
    }
}
