using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>Thinking of other models must not reach Anthropic, which refuses what it has not signed.</summary>
public sealed class RelaySignatureTests
{
    private const string Mixed = """
        {"model":"m","messages":[
          {"role":"user","content":"Hi"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"relay:"},{"type":"thinking","thinking":"b","signature":"EqoB"},{"type":"redacted_thinking","data":"relay:x"},{"type":"text","text":"relay:"}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"c","signature":"relay:y"}]},
          {"role":"user","content":[{"type":"text","text":"\ud800"}]}],
         "max_tokens":5}
        """;

    private const string Cleaned = """
        {"model":"m","messages":[
          {"role":"user","content":"Hi"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"b","signature":"EqoB"},{"type":"text","text":"relay:"}]},
          {"role":"user","content":[{"type":"text","text":"half"}]}],
         "max_tokens":5}
        """;

    [Fact]
    public void Strip_TakesOutOnlyWhatRelayHasMarked()
    {
        var to = new ArrayBufferWriter<byte>();

        Assert.True(RelaySignature.MayBeIn(Encoding.UTF8.GetBytes(Mixed)));
        Assert.True(RelaySignature.Strip(Encoding.UTF8.GetBytes(Mixed), to));

        var text = Encoding.UTF8.GetString(to.WrittenSpan).Replace("\\ud800", "half", StringComparison.Ordinal);
        Golden.Same(JsonNode.Parse(Cleaned), Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"messages":5}""")]
    public void Strip_OfWhatIsNoRequest_LeavesItToTheProvider(string body) =>
        Assert.False(RelaySignature.Strip(Encoding.UTF8.GetBytes(body), new ArrayBufferWriter<byte>()));

    [Fact]
    public void MayBeIn_IsFalseWithoutAMark() =>
        Assert.False(RelaySignature.MayBeIn("""{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"the relay: x","signature":"Eq"}]}]}"""u8));
}
