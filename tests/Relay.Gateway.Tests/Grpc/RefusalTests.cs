using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc;
using Relay.V1;
using FormatType = Relay.V1.ResponseFormat.Types.Type;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>What chat.proto calls needed, refused or exclusive.</summary>
public sealed class RefusalTests
{
    private static readonly Dictionary<string, Action<ChatRequest>> Wrong = new()
    {
        ["model"] = r => r.Model = "",
        ["messages"] = r => r.Messages.Clear(),
        ["messages[0].role"] = r => r.Messages[0].Role = Role.Unspecified,
        ["messages[0].role "] = r => r.Messages[0].Role = (Role)99,
        ["messages[0].text"] = r => r.Messages[0].Content.Add(new ContentPart { Text = "more" }),
        ["messages[1].tool_call_id"] = r => r.Messages.Add(new Message { Role = Role.Tool, Text = "42" }),
        ["messages[1].content[0]"] = r => r.Messages.Add(new Message { Role = Role.User, Content = { new ContentPart() } }),
        ["messages[1].content[0].image"] = r => Show(r, new Image()),
        ["messages[1].content[0].image.media_type"] = r => Show(r, new Image { Data = ByteString.CopyFromUtf8("x") }),
        ["messages[1].content[0].image.media_type "] = r => Show(r, new Image { Data = ByteString.CopyFromUtf8("x"), MediaType = "image/bmp" }),
        ["messages[1].content[0].image.media_type  "] = r => Show(r, new Image { Url = "https://example.com/a.png", MediaType = "image/png" }),
        ["messages[0].content"] = r => r.Messages[0].Extra = Fields("content"),
        ["messages[0].reasoning_content"] = r => r.Messages[0].Extra = Fields("reasoning_content"),
        ["temperature"] = r => r.Temperature = double.NaN,
        ["max_completion_tokens"] = r => r.MaxCompletionTokens = 0,
        ["n"] = r => r.N = 0,
        ["tools[0].name"] = r => r.Tools.Add(new Tool()),
        ["tools[0].parameters_json"] = r => r.Tools.Add(new Tool { Name = "f", ParametersJson = "[]" }),
        ["tools[0].parameters_json "] = r => r.Tools.Add(new Tool { Name = "f", ParametersJson = "{\"type\":}" }),
        ["tools[0].parameters_json  "] = r => r.Tools.Add(new Tool { Name = "f", ParametersJson = "{} {}" }),
        ["tool_choice.function"] = r => r.ToolChoice = new ToolChoice { Function = "" },
        ["tool_choice.mode"] = r => r.ToolChoice = new ToolChoice { Mode = (ToolChoice.Types.Mode)99 },
        ["response_format.type"] = r => r.ResponseFormat = new ResponseFormat { Type = (FormatType)99 },
        ["response_format.json_schema"] = r => r.ResponseFormat = new ResponseFormat { Type = FormatType.JsonSchema },
        ["response_format.json_schema "] = r => r.ResponseFormat = new ResponseFormat { Type = FormatType.Text, JsonSchema = new JsonSchema { Name = "s" } },
        ["response_format.json_schema.name"] = r => r.ResponseFormat = new ResponseFormat { Type = FormatType.JsonSchema, JsonSchema = new JsonSchema { SchemaJson = "{}" } },
        ["response_format.json_schema.schema_json"] = r => r.ResponseFormat = new ResponseFormat { Type = FormatType.JsonSchema, JsonSchema = new JsonSchema { Name = "s", SchemaJson = "true" } },
        ["extra.model"] = r => r.Extra = Fields("model"),
        ["extra.temperature"] = r => r.Extra = Fields("temperature"),
        ["extra.stream"] = r => r.Extra = Fields("stream"),
        ["extra.stream_options"] = r => r.Extra = Fields("stream_options"),
        ["extra.logit_bias"] = r => r.Extra = new Struct { Fields = { ["logit_bias"] = new Value() } },
        ["extra.x"] = r => r.Extra = new Struct { Fields = { ["x"] = Value.ForList(Value.ForNumber(double.PositiveInfinity)) } },
    };

    [Fact]
    public async Task WrongRequest_IsInvalidArgumentThatNamesTheField_AndAsksNobody()
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);
        foreach (var (param, spoil) in Wrong)
        {
            var request = GrpcChat.Ask();
            spoil(request);

            foreach (var stream in new[] { false, true })
            {
                var status = await grpc.FailAsync(request, stream: stream);

                Assert.True((GrpcStatusCode.InvalidArgument, ErrorKind.InvalidRequest) == (status.Code, status.Kind), $"{param}: {status}");
                Assert.Equal(KeyValuePair.Create("param", param.Trim()), Assert.Single(status.Info));
            }
        }

        Assert.Equal(0, rig.Primary.Log.Total);
        Assert.Equal(0, rig.Records.Waiting);
        Assert.Contains($"relay_rejected_requests_total{{error_type=\"invalid_request\"}} {Wrong.Count * 2}\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-relay-no-retry", "maybe")]
    [InlineData("x-relay-timeout-ms", "0")]
    [InlineData("x-relay-target", "nobody/nothing")]
    [InlineData("x-relay-fallbacks", "other")]
    public async Task WrongOverride_IsInvalidArgumentThatNamesIt(string name, string value)
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);

        var status = await grpc.FailAsync(options: GrpcChat.With((name, value)));

        Assert.Equal(GrpcStatusCode.InvalidArgument, status.Code);
        Assert.Equal(KeyValuePair.Create("param", name), Assert.Single(status.Info));
    }

    [Fact]
    public async Task TooMuchMetadata_IsInvalidArgument()
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);
        var much = Enumerable.Range(0, 5).Select(i => ("x-much-" + i, new string('x', 15_000))).ToArray();

        var status = await grpc.FailAsync(options: GrpcChat.With(much));

        Assert.Equal((GrpcStatusCode.InvalidArgument, "headers_too_large"), (status.Code, status.ErrorCode));
    }

    /// <summary>Once as it is, once because of its images as JSON.</summary>
    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(40 * 1024)]
    public async Task RequestOverTheLimit_IsResourceExhaustedThatNamesIt(int size)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Config = c => c with { Limits = new LimitOptions { MaxRequestBodyBytes = 48 * 1024 } } });
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask();
        Show(request, new Image { Data = ByteString.CopyFrom(new byte[size]), MediaType = "image/png" });

        var status = await grpc.FailAsync(request);

        Assert.Equal((GrpcStatusCode.ResourceExhausted, ErrorKind.TooLarge), (status.Code, status.Kind));
        Assert.Contains("49152 bytes", status.Message, StringComparison.Ordinal);
        Assert.Contains("relay_rejected_requests_total{error_type=\"too_large\"} 1\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProvidersRefusal_ReachesTheCallerInItsWords()
    {
        await using var raw = await RawRig.StartAsync(call => call.SendJsonAsync(
            """{"error":{"message":"Too warm.","type":"invalid_request_error","param":"temperature","code":"above_maximum"}}"""u8.ToArray(), 400));
        using var grpc = new GrpcChat(raw.Rig.Gateway);

        var status = await grpc.FailAsync();

        Assert.Equal((GrpcStatusCode.InvalidArgument, "Too warm.", "above_maximum"), (status.Code, status.Message, status.ErrorCode));
        Assert.Contains(KeyValuePair.Create("param", "temperature"), status.Info);
    }

    private static void Show(ChatRequest request, Image image) =>
        request.Messages.Add(new Message { Role = Role.User, Content = { new ContentPart { Image = image } } });

    private static Struct Fields(string name) => new() { Fields = { [name] = Value.ForNumber(1) } };
}
