using System.Net;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>Ten times as many requests as may be inside.</summary>
public sealed class OverloadTests
{
    private const int Limit = 8;
    private const int Sent = 80;

    [Fact]
    public async Task TenTimesTheLimit_ShedsExactlyTheRest_AndLosesNothing()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                await release.Task.WaitAsync(call.Stopped);
                await call.SendStreamAsync(Sse.Role + Sse.Text("whole") + Sse.Finish() + Sse.Usage + Sse.Done);
            },
            new RigOptions { Config = c => c with { Limits = new LimitOptions { MaxConcurrentRequests = Limit } } });

        var asking = Enumerable.Range(0, Sent).Select(_ => raw.Rig.PostAsync(Rig.Body(stream: true), cancellation: Patience.Token)).ToList();
        for (var shed = 0; shed < Sent - Limit; shed++)
        {
            // Nobody who is inside gets an answer before the release, so whoever has one was shed.
            var first = await Task.WhenAny(asking);
            asking.Remove(first);
            await AssertShedAsync(await first);
        }

        Assert.DoesNotContain(asking, request => request.IsCompleted);
        release.SetResult();
        foreach (var admitted in asking)
        {
            using var response = await admitted;
            await AssertWholeAsync(response);
        }

        await Free.RequestsAsync(raw.Rig);
        using var next = await raw.Rig.PostAsync(Rig.Body(stream: true));
        await AssertWholeAsync(next);
        for (var record = 0; record < Limit + 1; record++)
        {
            Assert.Equal(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        }

        Assert.Equal((0, Limit + 1), (raw.Rig.Records.Waiting, raw.Upstream.Count));
        Assert.Contains($"relay_rejected_requests_total{{error_type=\"overloaded\"}} {Sent - Limit}\n", raw.Rig.Scrape(), StringComparison.Ordinal);
    }

    private static async Task AssertShedAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var chat = await Kit.Chat.ReadAsync(response, stream: false);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "overloaded"), (response.StatusCode, chat.ErrorCode));
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
            using var json = System.Text.Json.JsonDocument.Parse(chat.Bytes);
            ErrorShape.Check(json.RootElement);
        }
    }

    private static async Task AssertWholeAsync(HttpResponseMessage response)
    {
        var chat = await Kit.Chat.ReadAsync(response, stream: true);
        Assert.Equal((200, "whole", true, false), (chat.Status, chat.Text, chat.Done, chat.Broken));
    }
}
