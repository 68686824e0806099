using System.Buffers;
using System.Text;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Gemini;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.Gemini;

public sealed class GeminiStreamTests
{
    private static readonly UpstreamCall Call = new("gemini-2.5-flash", true, "req_0123456789abcdef0123456789abcdef", 1_760_000_000);

    [Fact]
    public void TextEvent_AllocatesNothing()
    {
        var data = Encoding.UTF8.GetBytes("""{"candidates":[{"content":{"parts":[{"text":" time"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":5,"promptTokensDetails":[{"modality":"TEXT","tokenCount":4}]},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""");

        Assert.Equal(0, Allocations.PerEvent(new OpenAiGemini().ReadStream(Call), data, data));
    }

    [Fact]
    public void TextEvents_GiveChunksThatDifferInTheirTextAlone()
    {
        var to = new ArrayBufferWriter<byte>();
        var stream = new OpenAiGemini().ReadStream(Call);
        foreach (var text in (string[])["a", "b", "c"])
        {
            stream.Translate(default, Encoding.UTF8.GetBytes($$$"""{"candidates":[{"content":{"parts":[{"text":"{{{text}}}"}]}}]}"""), to);
        }

        // The role comes first; then the relay needs to parse no chunk but the first in full.
        var chunks = Encoding.UTF8.GetString(to.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();
        Assert.Equal(3, chunks.Length);
        Assert.All(chunks, chunk => Assert.Equal(1, ChunkScanner.Scan(Encoding.UTF8.GetBytes(chunk).AsSpan(6)).TextLength));
        Assert.Single(chunks.Select(chunk => chunk.Replace("\"a\"", "", StringComparison.Ordinal).Replace("\"b\"", "", StringComparison.Ordinal).Replace("\"c\"", "", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public void HalfASurrogatePair_PassesAsItIs()
    {
        var to = new ArrayBufferWriter<byte>();
        var stream = new OpenAiGemini().ReadStream(Call);

        Assert.True(stream.Translate(default, """{"candidates":[{"content":{"parts":[{"text":"\ud83d"}]}}]}"""u8, to));
        Assert.True(stream.Translate(default, """{"candidates":[{"content":{"parts":[{"text":"\ude00"}]}}]}"""u8, to));

        Assert.Contains("\"content\":\"\\ud83d\"", Encoding.UTF8.GetString(to.WrittenSpan), StringComparison.Ordinal);
        Assert.Contains("\"content\":\"\\ude00\"", Encoding.UTF8.GetString(to.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", true, "models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("gemini-2.5-flash", false, "models/gemini-2.5-flash:generateContent")]
    [InlineData("tunedModels/a b?c", false, "tunedModels/a%20b%3Fc:generateContent")]
    public void Path_NamesModelAndMethod(string model, bool stream, string path) =>
        Assert.Equal(path, new OpenAiGemini().Path(Call with { UpstreamModel = model, Stream = stream }));

    [Fact]
    public void Credential_GoesIntoGooglesHeader()
    {
        Assert.Equal([new KeyValuePair<string, string>("x-goog-api-key", "k")], new OpenAiGemini().Headers("k"));
        Assert.Empty(new OpenAiGemini().Headers(null));
    }
}
