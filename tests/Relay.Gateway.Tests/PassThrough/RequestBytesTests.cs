using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.PassThrough;

/// <summary>What reaches the provider is what the client sent, byte for byte, except the model's value and include_usage.</summary>
public sealed class RequestBytesTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

    public static TheoryData<string, string> Bodies => new()
    {
        { "plain", "{\"model\":@," + Messages + "}" },
        { "model name last, odd spaces", "\r\n { \"messages\" :\t[ {\"role\":\"user\",\"content\":\"hello\"} ] ,\n\"model\"  :  @ }\n\n" },
        { "escaped key", "{\"mod\\u0065l\":@," + Messages + "}" },
        { "escapes and unicode", "{\"model\":@,\"x\":\"\\u00e9\\/\\ud83d\\ude00 é 😀 \u2028\"," + Messages + "}" },
        { "numbers", "{\"model\":@,\"a\":1e400,\"b\":-0.0,\"c\":1E+2,\"d\":123456789012345678901234567890," + Messages + "}" },
        { "duplicate unknown keys", "{\"x\":1,\"x\":{\"x\":[]},\"model\":@,\"x\":null," + Messages + "}" },
        { "nested model and stream", "{\"metadata\":{\"model\":\"chat-default\",\"stream\":true,\"messages\":0},\"model\":@," + Messages + "}" },
        { "lone surrogate in a name", "{\"model\":@,\"\\ud800odel\":\"\\udc00\"," + Messages + "}" },
        { "lone surrogate in a known string", "{\"model\":@,\"user\":\"\\ud800\",\"\\udfff\":[\"\\ud800\"]," + Messages + "}" },
        {
            "tools and the rest",
            "{\"model\":@," + Messages + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],\"tool_choice\":\"none\","
            + "\"response_format\":{\"type\":\"text\"},\"logprobs\":true,\"top_logprobs\":2,\"service_tier\":\"flex\",\"prediction\":{\"type\":\"content\",\"content\":\"x\"},"
            + "\"n\":2,\"seed\":7,\"store\":false,\"whatever_comes_next\":{\"a\":[1,2,{}]}}"
        },
        {
            "images and tool results",
            "{\"model\":@,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]},"
            + "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"\"}]}"
        },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task PlainRequest_ReachesTheProviderByteForByte(string what, string template)
    {
        await using var raw = await RawRig.StartAsync(EchoAsync);

        using var response = await raw.Rig.PostAsync(template.Replace("@", "\"chat-default\"", StringComparison.Ordinal));

        // The echo comes back as it is too: unknown response fields pass through.
        Assert.Equal($"{what}: {Echo(template.Replace("@", "\"gpt-sim\"", StringComparison.Ordinal))}", $"{what}: {await response.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task StreamRequestThatAsksForUsage_ReachesTheProviderByteForByte(string what, string template)
    {
        byte[] seen = [];
        await using var raw = await RawRig.StartAsync(call =>
        {
            seen = call.Body;
            return call.SendStreamAsync(Sse.Text("Hi") + Sse.Finish() + Sse.Done);
        });
        template = template.Replace("@", "@ ,\"stream\" : true, \"stream_options\":{\"include_usage\" :true}", StringComparison.Ordinal);

        using var response = await raw.Rig.PostAsync(template.Replace("@", "\"chat-default\"", StringComparison.Ordinal));
        await response.Content.ReadAsStringAsync();

        Assert.Equal($"{what}: {template.Replace("@", "\"gpt-sim\"", StringComparison.Ordinal)}", $"{what}: {Encoding.UTF8.GetString(seen)}");
    }

    [Fact]
    public async Task Embeddings_ReachTheProviderByteForByteWhateverStreamSays()
    {
        await using var rig = await Rig.StartAsync();
        const string Template = "{\"stream\":true,\"stream_options\":\"odd\", \"input\":[\"a\",\"b\"],\"model\":@,\"dimensions\":8,\"encoding_format\":\"float\"}";

        using var response = await rig.PostAsync(Template.Replace("@", "\"chat-default\"", StringComparison.Ordinal), "/v1/embeddings");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Template.Replace("@", "\"gpt-sim\"", StringComparison.Ordinal), rig.Primary.Log.Last!.BodyText);
        Assert.Equal("/v1/embeddings", rig.Primary.Log.Last.Path);
    }

    [Fact]
    public async Task ProvidersCredential_ReplacesTheClients()
    {
        var head = "";
        await using var raw = await RawRig.StartAsync(call =>
        {
            head = call.Head;
            return call.SendJsonAsync("{\"choices\":[{}]}"u8.ToArray());
        });
        raw.Rig.Client.DefaultRequestHeaders.Add("Authorization", "Bearer the-clients-own");
        raw.Rig.Client.DefaultRequestHeaders.Add("Cookie", "a=b");
        raw.Rig.Client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await raw.Rig.PostAsync(Rig.Body());

        Assert.Contains("Authorization: Bearer sk-upstream-secret\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("the-clients-own", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", head, StringComparison.Ordinal);
    }

    private static string Echo(string body) => "{\"choices\":[{}],\"echo\":" + body + "}";

    private static Task EchoAsync(RawCall call) => call.SendJsonAsync(Encoding.UTF8.GetBytes(Echo(Encoding.UTF8.GetString(call.Body))));
}
