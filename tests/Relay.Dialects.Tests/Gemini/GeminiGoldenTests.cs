using System.Buffers;
using System.Text.Json.Nodes;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Gemini;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.Gemini;

public sealed class GeminiGoldenTests
{
    private const string Pair = "openai_gemini";

    private static readonly OpenAiGemini Dialect = new();

    public static TheoryData<string> Requests => PairCase.Of(Pair, "request");

    public static TheoryData<string> Answers => PairCase.Of(Pair, "answer");

    public static TheoryData<string> Streams => PairCase.Of(Pair, "stream");

    public static TheoryData<string> Errors => PairCase.Of(Pair, "error");

    [Theory, MemberData(nameof(Requests))]
    public void Request_BecomesTheReferencesShape(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var to = new ArrayBufferWriter<byte>();
        var dropped = new DroppedFields();

        var error = Dialect.WriteRequest(golden.GivenBytes, Call(golden), to, dropped);

        Assert.Null(error);
        PairCase.AssertSame(golden.Gives, JsonNode.Parse(to.WrittenSpan));
        Assert.Equal(golden.Names("dropped"), dropped.Names);
    }

    [Theory, MemberData(nameof(Answers))]
    public void Answer_BecomesAChatCompletion_OrTheErrorThatItIs(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var to = new ArrayBufferWriter<byte>();

        var error = Dialect.ReadAnswer(golden.GivenBytes, Call(golden), to);

        if (golden.Text("kind") is { } kind)
        {
            Assert.Equal(kind, error?.Kind.Label());
            return;
        }

        Assert.Null(error);
        PairCase.AssertSame(golden.Gives, JsonNode.Parse(to.WrittenSpan));
    }

    [Theory, MemberData(nameof(Streams))]
    public void Stream_BecomesChunks(string name)
    {
        var golden = PairCase.Read(Pair, name);

        var chunks = EventFlow.Run(Dialect.ReadStream(Call(golden)), golden.GivenStream());

        PairCase.AssertSame(golden.Gives, EventFlow.Payloads(chunks));
    }

    [Theory, MemberData(nameof(Streams))]
    public void Stream_UnderEverySplitOfItsBytes_BecomesTheSameChunks(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var bytes = golden.GivenStream();
        var whole = EventFlow.Run(Dialect.ReadStream(Call(golden)), bytes);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, EventFlow.Run(Dialect.ReadStream(Call(golden)), bytes, cut));
        }

        Assert.Equal(whole, EventFlow.Run(Dialect.ReadStream(Call(golden)), bytes, Enumerable.Range(1, bytes.Length - 1)));
    }

    [Theory, MemberData(nameof(Errors))]
    public void Error_HasTheKindThatItMeans(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var status = (int)golden["status"]!;

        var said = Dialect.ReadError(status, golden.GivenBytes);

        Assert.True(said.IsJson);
        Assert.Equal(golden.Text("kind"), said.Classify(status).Label());
        Assert.Equal((double?)golden["retryAfterSeconds"], said.RetryAfter?.TotalSeconds);
        Assert.Equal(golden.Text("message"), said.Message);
    }

    /// <summary>What the relay finds in an error event must be what the event's own status means.</summary>
    [Theory, MemberData(nameof(Errors))]
    public void Error_InsideAStream_KeepsItsKind(string name)
    {
        var golden = PairCase.Read(Pair, name);
        if (golden.Given is not JsonObject)
        {
            return;
        }

        var to = new ArrayBufferWriter<byte>();
        Assert.True(Dialect.ReadStream(Call(golden)).Translate(default, golden.GivenBytes, to));

        var hub = EventFlow.Payloads(System.Text.Encoding.UTF8.GetString(to.WrittenSpan)).Single()!;
        var found = ProviderError.Read(System.Text.Encoding.UTF8.GetBytes(hub.ToJsonString())).Classify(200).Label();

        // Some kinds have no word of their own there; then it is at least the provider's fault.
        Assert.Contains(found, (string?[])[golden.Text("kind"), golden.Text("kindInStream")]);
    }

    private static UpstreamCall Call(PairCase golden) =>
        new(golden.Text("model") ?? "gemini-2.5-flash", true, "req_0123456789abcdef0123456789abcdef", 1_760_000_000);
}
