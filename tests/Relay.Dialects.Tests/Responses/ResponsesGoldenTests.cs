using System.Buffers;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Dialects.Responses;

namespace Relay.Dialects.Tests.Responses;

public sealed class ResponsesGoldenTests
{
    private const string Pair = "responses_openai";

    /// <summary>What tells one response object of a stream from another; the rest is in the golden answers.</summary>
    private static readonly string[] Telling = ["id", "status", "output", "usage", "error", "incomplete_details"];

    public static TheoryData<string> Requests => PairCase.Of(Pair, "request");

    public static TheoryData<string> Answers => PairCase.Of(Pair, "answer");

    public static TheoryData<string> Streams => PairCase.Of(Pair, "stream");

    [Theory, MemberData(nameof(Requests))]
    public void Request_BecomesAChatRequest_ThatTheGatewayCanRoute(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var to = new ArrayBufferWriter<byte>();
        var dropped = new DroppedFields();

        var error = new ResponsesOpenAi().ReadRequest(golden.GivenBytes, to, dropped);

        Assert.Null(error);
        PairCase.AssertSame(golden.Gives, JsonNode.Parse(to.WrittenSpan));
        Assert.Equal(golden.Names("dropped"), dropped.Names);
        var scan = RequestScanner.ScanChat(to.WrittenSpan, out var refused);
        Assert.Null(refused);
        Assert.Equal(scan!.Stream, scan.IncludeUsage);
    }

    [Theory, MemberData(nameof(Answers))]
    public void Answer_BecomesAResponseObject(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var to = new ArrayBufferWriter<byte>();

        Client(golden).WriteAnswer(golden.GivenBytes, to);

        PairCase.AssertSame(golden.Gives, JsonNode.Parse(to.WrittenSpan));
    }

    [Theory, MemberData(nameof(Streams))]
    public void Stream_BecomesTheEventsInTheirOrder(string name)
    {
        var golden = PairCase.Read(Pair, name);

        var stream = EventFlow.Run(Client(golden).WriteStream("gpt-5", "req_0a1b"), golden.GivenStream());

        var events = EventFlow.Payloads(stream);
        PairCase.AssertSame(golden.Gives, new JsonArray([.. events.Select(e => Short(e!.AsObject()))]));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => (int)e!["sequence_number"]!));
        Assert.Equal(
            events.Select(e => (string)e!["type"]!),
            stream.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..]));
    }

    [Theory, MemberData(nameof(Streams))]
    public void Stream_UnderEverySplitOfItsBytes_BecomesTheSameEvents(string name)
    {
        var golden = PairCase.Read(Pair, name);
        var bytes = golden.GivenStream();
        var whole = EventFlow.Run(Client(golden).WriteStream("gpt-5", "req_0a1b"), bytes);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, EventFlow.Run(Client(golden).WriteStream("gpt-5", "req_0a1b"), bytes, cut));
        }

        Assert.Equal(whole, EventFlow.Run(Client(golden).WriteStream("gpt-5", "req_0a1b"), bytes, Enumerable.Range(1, bytes.Length - 1)));
    }

    private static ResponsesOpenAi Client(PairCase golden)
    {
        var client = new ResponsesOpenAi();
        if (golden["request"] is { } request)
        {
            Assert.Null(client.ReadRequest(System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), new ArrayBufferWriter<byte>(), new DroppedFields()));
        }

        return client;
    }

    private static JsonObject Short(JsonObject payload)
    {
        var copy = payload.DeepClone().AsObject();
        copy.Remove("sequence_number");
        if (copy["response"] is JsonObject response)
        {
            copy["response"] = new JsonObject(response.Where(m => Telling.Contains(m.Key) && m.Value is not null).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        }

        return copy;
    }
}
