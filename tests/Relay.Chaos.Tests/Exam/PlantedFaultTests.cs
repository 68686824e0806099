using System.Net;
using System.Text;
using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Chaos.Tests.Exam;

/// <summary>The exam's judge is first shown answers that are wrong in one way each; an exam that passes everything proves nothing.</summary>
public sealed class PlantedFaultTests
{
    private const string Expected = "One two";
    private const string Head = """data: {"id":"c1","created":1,"model":"gpt-primary","choices":[""";
    private const string Role = Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";
    private const string One = Head + """{"index":0,"delta":{"content":"One"},"finish_reason":null}]}""" + "\n\n";
    private const string Two = Head + """{"index":0,"delta":{"content":" two"},"finish_reason":null}]}""" + "\n\n";
    private const string Finish = Head + """{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Usage = Head + """],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Error = """data: {"error":{"message":"broken","type":"api_error","param":null,"code":"truncated"}}""" + "\n\n";

    [Fact]
    public async Task RightAnswer_Passes() => Assert.Empty(await JudgeAsync(Role + One + Two + Finish + Usage + Done));

    [Theory]
    [InlineData("text", Role + One + Finish + Usage + Done)]
    [InlineData("text", Role + One + Two + Two + Finish + Usage + Done)]
    [InlineData("roles", One + Two + Finish + Usage + Done)]
    [InlineData("roles", Role + One + Role + Two + Finish + Usage + Done)]
    [InlineData("finish_reason", Role + One + Two + Usage + Done)]
    [InlineData("finish_reason", Role + One + Two + Finish + Finish + Usage + Done)]
    [InlineData("usages", Role + One + Two + Finish + Done)]
    [InlineData("usages", Role + One + Two + Finish + Usage + Usage + Done)]
    [InlineData("usage is not on the last", Role + One + Usage + Two + Finish + Done)]
    [InlineData("[DONE]", Role + One + Two + Finish + Usage)]
    [InlineData("[DONE]", Role + One + Two + Finish + Usage + Done + Done)]
    [InlineData("events after [DONE]", Role + One + Finish + Usage + Done + Two)]
    [InlineData("an error event", Role + One + Two + Finish + Usage + Error + Done)]
    [InlineData("unreadable", Role + One + "data: {\"id\":\"c1\",\"choices\":[{\n\n" + Two + Finish + Usage + Done)]
    [InlineData("unreadable", Role + One + Two + Finish + Usage + Done + "data: {")]
    public async Task WrongStream_IsFound(string what, string events) => Assert.Contains(await JudgeAsync(events), finding => finding.Contains(what, StringComparison.Ordinal));

    [Theory]
    [InlineData("ids", "\"id\":\"c2\"", "\"id\":\"c1\"")]
    [InlineData("times of creation", "\"created\":2", "\"created\":1")]
    [InlineData("model", "gpt-fallback", "gpt-primary")]
    public async Task ChunkOfAnotherAnswer_IsFound(string what, string other, string own) => Assert.Contains(
        await JudgeAsync(Role + One + Two.Replace(own, other, StringComparison.Ordinal) + Finish + Usage + Done), finding => finding.StartsWith(what, StringComparison.Ordinal));

    [Fact]
    public async Task ErrorStatus_IsFound() =>
        Assert.Contains("status: 503 instead of 200", await JudgeAsync("{}", response => response.StatusCode = HttpStatusCode.ServiceUnavailable));

    [Fact]
    public async Task AnswerOfTheWrongTarget_IsFound() => Assert.Contains(
        await JudgeAsync(Role + One + Two + Finish + Usage + Done, response =>
        {
            response.Headers.Remove("x-relay-target");
            response.Headers.Add("x-relay-target", Side.Fallback.Target);
        }),
        finding => finding.StartsWith("x-relay-target", StringComparison.Ordinal));

    [Fact]
    public async Task BrokenConnection_IsFound()
    {
        var findings = await JudgeAsync("", response => response.Content = new BreakingContent(Role + One + Two + Finish + Usage + Done));

        Assert.Contains(findings, finding => finding.StartsWith("the connection broke", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> JudgeAsync(string body, Action<HttpResponseMessage>? change = null)
    {
        using var response = new HttpResponseMessage { Content = new StringContent(body, Encoding.UTF8, "text/event-stream") };
        response.Headers.Add("x-relay-request-id", "r1");
        response.Headers.Add("x-relay-target", Side.Primary.Target);
        change?.Invoke(response);
        var findings = new Findings();
        WholeAnswer.Judge(await AnswerReader.ReadAsync(response, CancellationToken.None), Expected, Side.Primary, findings);
        return findings.All;
    }

    /// <summary>All of the body comes, and then its connection breaks.</summary>
    private sealed class BreakingContent : HttpContent
    {
        private readonly byte[] _bytes;

        public BreakingContent(string text)
        {
            _bytes = Encoding.UTF8.GetBytes(text);
            Headers.ContentType = new("text/event-stream");
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new BreakingStream(_bytes));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("reset");
    }
}
