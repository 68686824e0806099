using System.Buffers;
using System.Text.Json;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>Clients of Anthropic's Messages API to and from OpenAI's form, as golden files.</summary>
public sealed class AnthropicOpenAiGoldenTests
{
    private const string Folder = "anthropic_openai/";

    public static TheoryData<string> Requests => Golden.Names(Folder + "request");

    public static TheoryData<string> Answers => Golden.Names(Folder + "answer");

    public static TheoryData<string> Streams => Golden.Names(Folder + "stream");

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_BecomesAChatRequestThatTheGatewayReads(string name)
    {
        var golden = Golden.Read(Folder + "request", name);
        var (dropped, chat) = (new DroppedFields(), new ArrayBufferWriter<byte>());

        var error = new AnthropicOpenAi().ReadRequest(golden.Bytes("request"), chat, dropped);

        Assert.Null(error?.Message);
        Golden.Same(golden.File["expected"], chat.WrittenSpan);
        Assert.Equal(golden.Texts("dropped"), dropped.Names);
        var scan = RequestScanner.ScanChat(chat.WrittenSpan, out var unroutable);
        Assert.Null(unroutable);
        Assert.Equal(scan!.Stream, scan.IncludeUsage);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answer_BecomesAMessage(string name)
    {
        var golden = Golden.Read(Folder + "answer", name);
        var to = new ArrayBufferWriter<byte>();

        new AnthropicOpenAi().WriteAnswer(golden.Bytes("answer"), to);

        Golden.Same(golden.File["expected"], to.WrittenSpan);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_UnderEverySplit_BecomesTheEvents(string name)
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

    private static (byte[] Out, int Skipped) Translate(byte[] bytes, params int[] splits) =>
        Events.Translate(new AnthropicOpenAi().WriteStream("chat-default", "req1"), bytes, splits);
}
