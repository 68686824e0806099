using System.Text;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Streaming;

namespace Relay.Gateway.Tests.Streaming;

/// <summary>The template must never say yes where a full parse would find anything but one more piece of text.</summary>
public sealed class ChunkTemplateTests
{
    private static readonly string[] Texts = ["a", " kernel", "é漢", "\\\"", "\\n", "\"", "\u0001", "", "\"},\"x\":\"", "\\", "\"finish_reason\":\"stop\""];

    [Fact]
    public void Template_AgreesWithTheFullParse_OnEveryPairOfAThousandChunks()
    {
        var random = new Random(7);
        var chunks = Enumerable.Range(0, 1000).Select(_ => Chunk(random)).ToArray();
        var matched = 0;
        for (var i = 1; i < chunks.Length; i++)
        {
            var template = default(ChunkTemplate);
            template.Learn(chunks[i - 1], ChunkScanner.Scan(chunks[i - 1]));
            if (template.Matches(chunks[i]))
            {
                matched++;
                var scan = ChunkScanner.Scan(chunks[i]);
                Assert.True(scan is { Valid: true, HasDelta: true, HasChoices: true, HasUsage: false, HasError: false, Finished: 0 });
                Assert.Equal(ChunkScanner.Scan(chunks[i - 1]).Seen, scan.Seen);
            }

            template.Return();
        }

        Assert.True(matched > 20, $"only {matched} of the pairs matched: nothing was shown");
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0}]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a","refusal":"b"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"broken""")]
    public void ChunkThatSaysMoreThanOneText_IsNoTemplate(string json)
    {
        var data = Encoding.UTF8.GetBytes(json);
        var template = default(ChunkTemplate);

        template.Learn(data, ChunkScanner.Scan(data));

        Assert.False(template.Matches(data));
    }

    [Fact]
    public void UsualStream_IsReadByTemplateAfterItsFirstChunk()
    {
        var template = default(ChunkTemplate);
        var first = Encoding.UTF8.GetBytes("""{"id":"x","choices":[{"index":0,"delta":{"content":"one"},"finish_reason":null}],"usage":null}""");
        template.Learn(first, ChunkScanner.Scan(first));

        Assert.True(template.Matches(Encoding.UTF8.GetBytes("""{"id":"x","choices":[{"index":0,"delta":{"content":" two"},"finish_reason":null}],"usage":null}""")));
        Assert.False(template.Matches(Encoding.UTF8.GetBytes("""{"id":"x","choices":[{"index":0,"delta":{"content":" two"},"finish_reason":"stop"}],"usage":null}""")));
        template.Return();
    }

    private static byte[] Chunk(Random random)
    {
        var text = Texts[random.Next(Texts.Length)];
        var field = random.Next(4) == 0 ? "refusal" : "content";
        var index = random.Next(6) == 0 ? 1 : 0;
        var finish = random.Next(8) == 0 ? "\"stop\"" : "null";
        var usage = random.Next(8) == 0 ? "{\"prompt_tokens\":1,\"completion_tokens\":2}" : "null";
        var json = $$"""{"id":"c","choices":[{"index":{{index}},"delta":{"{{field}}":"{{text}}"},"finish_reason":{{finish}}}],"usage":{{usage}}}""";
        return Encoding.UTF8.GetBytes(random.Next(20) == 0 ? json[..^1] : json);
    }
}
