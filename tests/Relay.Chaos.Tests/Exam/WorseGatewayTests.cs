using Relay.Exam;
using Relay.Exam.Rig;
using Relay.TestKit;

namespace Relay.Chaos.Tests.Exam;

/// <summary>A gateway that is configured to do worse must fail the exam, each time in the way that it does worse.</summary>
public sealed class WorseGatewayTests
{
    [Theory]
    [InlineData("F01", """ "retry": { "retryAfterWaitMax": "0s" } """, "1 attempts at the primary")]
    [InlineData("F02", """ "retry": { "maxPerTarget": 4, "backoffBase": "1ms" } """, "5 attempts in the first 3 s")]
    [InlineData("F03", """ "retry": { "maxPerTarget": 0 } """, "1 attempts at the primary")]
    [InlineData("F04", """ "retry": { "maxPerTarget": 6, "backoffBase": "1ms" } """, "7 attempts at the primary")]
    [InlineData("F08", """ "rescue": { "enabled": false } """, "an error event")]
    [InlineData("F14", """ "rescue": { "enabled": false } """, "x_relay tells nothing")]
    public async Task WorseSettings_AreFound(string row, string model, string finding) =>
        Assert.Contains(await FindingsAsync(row, new() { Model = model }), found => found.Contains(finding, StringComparison.Ordinal));

    [Fact]
    public async Task SilentPrimaryThatIsWaitedFor_IsFound() => Assert.Contains(
        await FindingsAsync("F06", new() { Model = """ "timeouts": { "firstToken": "600ms" } """, Within = TimeSpan.FromMilliseconds(500) }),
        found => found.StartsWith("it took", StringComparison.Ordinal));

    [Theory]
    [InlineData(""" "retry": { "backoffBase": "0s" }, "breaker": { "enabled": false } """, "attempts were wasted")]
    [InlineData(""" "retry": { "backoffBase": "0s" }, "breaker": { "openFor": "5m", "openForMax": "5m" } """, "not back within 30 s")]
    public async Task BreakerThatNeverOpensOrNeverTriesAgain_IsFound(string model, string finding)
    {
        var clock = new ManualTimeProvider();
        var settings = new ExamSettings
        {
            Time = clock,
            Model = model,
            Pause = span =>
            {
                clock.Advance(span);
                return Task.CompletedTask;
            },
        };

        Assert.Contains(await FindingsAsync("F15", settings), found => found.Contains(finding, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> FindingsAsync(string row, ExamSettings settings) =>
        (await FaultExam.SitAsync(FaultExam.Find(row), settings)).Findings.All;
}
