using System.Buffers;
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OpenAI.Responses;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Gemini;
using Relay.Gateway.Dialects.Responses;

#pragma warning disable OPENAI001 // The client calls its Responses part a preview; it is what users have.

namespace Relay.Dialects.Tests.Responses;

/// <summary>OpenAI's official .NET client speaks Responses to a Gemini that answers with the golden files: both translations, in both directions, in one process.</summary>
public sealed class ResponsesOfficialClientTests
{
    private static readonly ResponseTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""), strictModeEnabled: true, "Weather of a city");

    [Fact]
    public async Task Text_IsReadWithUsage()
    {
        var gemini = new FakeGemini("answer-text");

        ResponseResult response = await gemini.Client.CreateResponseAsync("gemini-2.5-flash", "How does AI work?");

        Assert.Equal("AI works by learning \"patterns\".", response.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, response.Status);
        Assert.Equal(20, response.Usage.TotalTokenCount);
        Assert.Equal("How does AI work?", (string?)gemini.Received!["contents"]![0]!["parts"]![0]!["text"]);
    }

    [Fact]
    public async Task Cut_IsIncompleteWithItsReason()
    {
        var gemini = new FakeGemini("answer-thoughts-and-cache");

        ResponseResult response = await gemini.Client.CreateResponseAsync("gemini-2.5-flash", "Two?");

        Assert.Equal(ResponseStatus.Incomplete, response.Status);
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, response.IncompleteStatusDetails.Reason);
        Assert.Equal("**Counting**\n\nTwo.", response.OutputItems.OfType<ReasoningResponseItem>().First().GetSummaryText());
        Assert.Equal(1024, response.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal(40, response.Usage.OutputTokenDetails.ReasoningTokenCount);
    }

    [Fact]
    public async Task ToolLoop_KeepsIdsAndSignatures()
    {
        var gemini = new FakeGemini("answer-calls");
        var options = new CreateResponseOptions { Model = "gemini-3-flash", Tools = { Weather }, InputItems = { ResponseItem.CreateUserMessageItem("Flights?") } };

        ResponseResult first = await gemini.Client.CreateResponseAsync(options);
        foreach (var item in first.OutputItems)
        {
            options.InputItems.Add(item);
        }

        foreach (var call in first.OutputItems.OfType<FunctionCallResponseItem>())
        {
            options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "late"));
        }

        await gemini.Client.CreateResponseAsync(options);

        var contents = gemini.Received!["contents"]!.AsArray();
        Assert.Equal("c2lnMQ==", (string?)contents[1]!["parts"]![0]!["thoughtSignature"]);
        Assert.Equal("check_flight", (string?)contents[1]!["parts"]![0]!["functionCall"]!["name"]);
        Assert.Equal((string?)contents[1]!["parts"]![0]!["functionCall"]!["id"], (string?)contents[2]!["parts"]![0]!["functionResponse"]!["id"]);
        Assert.Equal("fc-7", (string?)contents[2]!["parts"]![1]!["functionResponse"]!["id"]);
    }

    [Fact]
    public async Task Stream_GivesEveryKindOfUpdate()
    {
        var gemini = new FakeGemini("stream-thoughts-and-calls");
        var options = new CreateResponseOptions { Model = "gemini-2.5-flash", StreamingEnabled = true, Tools = { Weather }, InputItems = { ResponseItem.CreateUserMessageItem("Call.") } };
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var arguments = new List<string>();
        ResponseResult? completed = null;

        await foreach (var update in await gemini.Client.CreateResponseStreamingAsync(options))
        {
            switch (update)
            {
                case StreamingResponseOutputTextDeltaUpdate delta:
                    text.Append(delta.Delta);
                    break;
                case StreamingResponseReasoningSummaryTextDeltaUpdate delta:
                    reasoning.Append(delta.Delta);
                    break;
                case StreamingResponseFunctionCallArgumentsDoneUpdate done:
                    arguments.Add(done.FunctionArguments.ToString());
                    break;
                case StreamingResponseCompletedUpdate last:
                    completed = last.Response;
                    break;
            }
        }

        Assert.Equal("Calling.", text.ToString());
        Assert.Equal("Which tool? ", reasoning.ToString());
        Assert.Equal(["""{"x":[1,{"y":"z"}]}""", "{}"], arguments);
        Assert.Equal("Calling.", completed!.GetOutputText());
        Assert.Equal(2, completed.OutputItems.OfType<FunctionCallResponseItem>().Count());
        Assert.Equal(60, completed.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task StreamThatFails_GivesItsError()
    {
        var gemini = new FakeGemini("stream-error");
        var options = new CreateResponseOptions { Model = "m", StreamingEnabled = true, InputItems = { ResponseItem.CreateUserMessageItem("Hi") } };
        var updates = new List<StreamingResponseUpdate>();

        await foreach (var update in await gemini.Client.CreateResponseStreamingAsync(options))
        {
            updates.Add(update);
        }

        Assert.Contains("overloaded", Assert.Single(updates.OfType<StreamingResponseErrorUpdate>()).Message, StringComparison.Ordinal);
        Assert.Equal(ResponseStatus.Failed, Assert.Single(updates.OfType<StreamingResponseFailedUpdate>()).Response.Status);
    }

    /// <summary>Stands where the gateway and Gemini would be.</summary>
    private sealed class FakeGemini : HttpMessageHandler
    {
        private readonly PairCase _golden;

        public FakeGemini(string golden)
        {
            _golden = PairCase.Read("openai_gemini", golden);
            var http = new HttpClient(this);
            Client = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions { Transport = new HttpClientPipelineTransport(http), RetryPolicy = new ClientRetryPolicy(0) });
        }

        public ResponsesClient Client { get; }

        public JsonNode? Received { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var client = new ResponsesOpenAi();
            var gemini = new OpenAiGemini();
            var (chat, upstream, answer) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
            Assert.Null(client.ReadRequest(body, chat, new DroppedFields()));
            var asked = JsonNode.Parse(chat.WrittenSpan)!;
            var call = new UpstreamCall((string)asked["model"]!, _golden.Given is JsonArray, "req_1", 1_760_000_000);
            Assert.Null(gemini.WriteRequest(chat.WrittenMemory, call, upstream, new DroppedFields()));
            Received = JsonNode.Parse(upstream.WrittenSpan);
            if (call.Stream)
            {
                var chunks = EventFlow.Run(gemini.ReadStream(call), _golden.GivenStream());
                return Answer(Encoding.UTF8.GetBytes(EventFlow.Run(client.WriteStream(call.UpstreamModel, call.RequestId), Encoding.UTF8.GetBytes(chunks))), "text/event-stream");
            }

            var hub = new ArrayBufferWriter<byte>();
            Assert.Null(gemini.ReadAnswer(_golden.GivenBytes, call, hub));
            client.WriteAnswer(hub.WrittenMemory, answer);
            return Answer(answer.WrittenSpan.ToArray(), "application/json");
        }

        private static HttpResponseMessage Answer(byte[] body, string type) =>
            new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } };
    }
}
