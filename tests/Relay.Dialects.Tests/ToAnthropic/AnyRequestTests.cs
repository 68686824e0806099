using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.ToAnthropic;

/// <summary>Whatever a client sends: a request that Anthropic takes, or an error that names the field.</summary>
public sealed class AnyRequestTests
{
    private static readonly OpenAiAnthropicOptions[] Options =
    [
        new(), new() { Thinking = ThinkingStyle.Adaptive }, new() { Thinking = ThinkingStyle.None, StructuredOutputs = false, DefaultMaxTokens = 1 },
    ];

    [Fact]
    public void AnyObject_IsTranslatedOrRefusedByName() => Invariant.Holds(AnyJson.Object, Check, tests: 3000);

    [Fact]
    public void AnyMutatedRequest_IsTranslatedOrRefusedByName() =>
        Invariant.Holds(AnyJson.Mutated(Golden.All("openai_anthropic/request", "request")), Check, tests: 6000);

    [Fact]
    public void AnyBytes_AreRefused() =>
        Invariant.Holds(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), bytes =>
            Assert.NotNull(new OpenAiAnthropic().WriteRequest(bytes, Calls.To("m"), new ArrayBufferWriter<byte>(), new DroppedFields())));

    private static void Check(string request)
    {
        foreach (var options in Options)
        {
            var to = new ArrayBufferWriter<byte>();
            var error = new OpenAiAnthropic(options).WriteRequest(Encoding.UTF8.GetBytes(request), Calls.To("m"), to, new DroppedFields());
            if (error is null)
            {
                HoldsOrIsOnlyWellFormed(to.WrittenSpan.ToArray());
                continue;
            }

            Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
            Assert.Contains($"\"{error.Param}\"", error.Message, StringComparison.Ordinal);
            Assert.True(error.Param != "body" || request.Contains("\\ud800", StringComparison.Ordinal), error.Message);
        }
    }

    /// <summary>Half a surrogate pair passes as it came, and cannot be looked at here.</summary>
    private static void HoldsOrIsOnlyWellFormed(byte[] request)
    {
        if (Encoding.UTF8.GetString(request).Contains("\\ud800", StringComparison.Ordinal))
        {
            using var parsed = JsonDocument.Parse(request);
            return;
        }

        MessagesRule.Holds(request);
    }
}
