using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Attempts;

/// <summary>What the client is told when no target answered.</summary>
public sealed class AllFailedTests
{
    [Theory]
    [InlineData("status=503", 503, "provider_overloaded")]
    [InlineData("status=500", 502, "provider_error")]
    [InlineData("html", 502, "provider_error")]
    [InlineData("unauthorized", 502, "provider_auth")]
    [InlineData("quota", 502, "provider_quota")]
    [InlineData("status=404", 502, "provider_not_found")]
    [InlineData("reset", 502, "connection_reset")]
    [InlineData("bad-json-body", 502, "malformed")]
    [InlineData("truncated-body", 502, "truncated")]
    [InlineData("status=400,code=context_length_exceeded", 400, "context_length_exceeded")]
    public async Task SameFaultEverywhere_IsToldOnceAndNotToBeRetried(string fault, int status, string code)
    {
        await using var rig = await Rig.StartAsync();
        rig.Break(fault);

        var chat = await rig.ChatAsync();

        Assert.Equal((status, code), (chat.Status, chat.ErrorCode));
        using var json = JsonDocument.Parse(chat.Bytes);
        ErrorShape.Check(json.RootElement);
        Assert.Equal("false", chat.Headers["x-should-retry"]);
        var record = await rig.Records.NextAsync();
        Assert.Equal((status, chat.Attempts), (record.HttpStatus, record.Attempts.Count));
        Assert.True(record.Usage is null && record.Cost is null);
    }

    [Theory]
    [InlineData("status=500", "status=400,code=context_length_exceeded", ErrorKind.ContextLength)]
    [InlineData("status=400,code=context_length_exceeded", "status=500", ErrorKind.ContextLength)]
    [InlineData("quota", "status=503", ErrorKind.ProviderQuota)]
    public async Task DifferentFaults_TellTheCallersFirstThenTheFirstTargets(string first, string second, ErrorKind told)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", first);
        rig.Fallback.Faults.Add("*", second);

        await rig.ChatAsync();

        Assert.Equal(told, (await rig.Records.NextAsync()).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusedCredential_IsNeverShownToTheClient(bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("unauthorized");

        var chat = await rig.ChatAsync(stream: stream);

        Assert.Equal(502, chat.Status);
        Assert.DoesNotContain("Incorrect API key", chat.Raw, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("invalid_api_key", chat.Raw, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, 1), (rig.Primary.Log.Total, rig.Fallback.Log.Total));
    }
}
