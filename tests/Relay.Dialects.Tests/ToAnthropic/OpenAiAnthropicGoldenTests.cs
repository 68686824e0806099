using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Streaming;

namespace Relay.Dialects.Tests.ToAnthropic;

/// <summary>OpenAI's form to and from Anthropic's Messages API, as golden files.</summary>
public sealed class OpenAiAnthropicGoldenTests
{
    private const string Folder = "openai_anthropic/";

    private static readonly JsonSerializerOptions OptionReading = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static TheoryData<string> Requests => Golden.Names(Folder + "request");

    public static TheoryData<string> Answers => Golden.Names(Folder + "answer");

    public static TheoryData<string> Streams => Golden.Names(Folder + "stream");

    public static TheoryData<string> Errors => Golden.Names(Folder + "error");

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_BecomesTheMessagesRequest(string name)
    {
        var golden = Golden.Read(Folder + "request", name);
        var options = golden.File["options"] is null ? null : JsonSerializer.Deserialize<OpenAiAnthropicOptions>(golden.Bytes("options"), OptionReading);
        var (dropped, to) = (new DroppedFields(), new ArrayBufferWriter<byte>());
        var call = Calls.To("claude-sonnet-4-5", stream: golden.File["stream"] is not null);

        var error = new OpenAiAnthropic(options).WriteRequest(golden.Bytes("request"), call, to, dropped);

        Assert.Null(error?.Message);
        Golden.Same(golden.File["expected"], to.WrittenSpan);
        Assert.Equal(golden.Texts("dropped"), dropped.Names);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answer_BecomesAChatCompletion(string name)
    {
        var golden = Golden.Read(Folder + "answer", name);
        var chat = new ArrayBufferWriter<byte>();

        var error = new OpenAiAnthropic().ReadAnswer(golden.Bytes("answer"), Calls.To("claude"), chat);

        Assert.Null(error?.Message);
        Golden.Same(golden.File["expected"], chat.WrittenSpan);
        Assert.True(AnswerScan.Read(chat.WrittenSpan, "choices"u8) is { Valid: true, HasContent: true, Usage: not null });
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_UnderEverySplit_BecomesTheChunks(string name)
    {
        var golden = Golden.Read(Folder + "stream", name);
        var bytes = Events.Bytes(golden.File["events"]!);
        var (whole, skipped) = Translate(bytes);

        Golden.Same(golden.File["expected"], JsonSerializer.SerializeToUtf8Bytes(Events.Read(whole)));
        Assert.Equal(0, skipped);
        for (var split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(whole, Translate(bytes, split).Out);
        }

        Assert.Equal(whole, Translate(bytes, [.. Enumerable.Range(1, bytes.Length)]).Out);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Chunks_TellTheGatewayWhenTheAnswerIsWhole(string name)
    {
        var golden = Golden.Read(Folder + "stream", name);
        var stream = Translate(Events.Bytes(golden.File["events"]!)).Out;
        var tally = new StreamTally(1);
        var framer = default(SseFramer);
        var errors = 0;
        while (framer.TryRead(stream, out var found))
        {
            var data = SseFramer.JoinData(stream, found);
            tally.IsDone |= data.SequenceEqual("[DONE]"u8);
            if (!tally.IsDone)
            {
                var scan = ChunkScanner.Scan(data);
                Assert.True(scan.Valid);
                errors += scan.HasError ? 1 : 0;
                tally.Add(scan);
            }
        }

        var isWhole = golden.File["events"]!.AsArray().Any(one => one!["data"]!["delta"]?["stop_reason"] is not null);
        Assert.Equal(isWhole, tally.IsFinished);
        Assert.Equal(isWhole, tally.IsDone);
        Assert.Equal(isWhole, tally.Usage is not null);
        Assert.Equal(golden.File["events"]!.AsArray().Count(one => (string?)one!["event"] == "error"), errors);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Error_HasOpenAisFieldsAndItsKind(string name)
    {
        var golden = Golden.Read(Folder + "error", name);
        var expected = golden.File["expected"]!;
        var status = (int)golden.File["status"]!;

        var said = new OpenAiAnthropic().ReadError(status, golden.Bytes("body"));

        Assert.True(said.IsJson);
        Assert.Equal((string?)golden.File["body"]!["error"]!["message"], said.Message);
        Assert.Equal((string?)expected["type"], said.Type);
        Assert.Equal((string?)expected["code"], said.Code);
        Assert.Equal(Enum.Parse<ErrorKind>((string)expected["kind"]!), said.Classify(status));
    }

    private static (byte[] Out, int Skipped) Translate(byte[] bytes, params int[] splits) =>
        Events.Translate(new OpenAiAnthropic().ReadStream(Calls.To("claude", stream: true)), bytes, splits);
}
