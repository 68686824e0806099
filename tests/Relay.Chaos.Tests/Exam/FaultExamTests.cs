using Relay.Exam;
using Relay.Exam.Rig;
using Relay.TestKit;

namespace Relay.Chaos.Tests.Exam;

/// <summary>
/// The fault exam, one test for each row of <see cref="FaultExam.Rows"/>: gateway, sockets and simulators are real, settings are the defaults
/// save where a test says which it shortens. <c>bench/Relay.Load -- faults</c> sits the same rows with the default timings.
/// </summary>
public sealed class FaultExamTests
{
    /// <summary>Room for a machine that does other things too, and far from the 12 s and 20 s of the defaults.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    [Fact]
    public Task F01_RateLimitedOnceWithRetryAfter_IsWaitedForAndAsked() => PassAsync("F01");

    [Fact]
    public Task F02_RateLimitedForEver_IsLeftAloneSoonAndTheFallbackAnswers() => PassAsync("F02");

    [Fact]
    public Task F03_ErrorOnce_IsRetriedOnTheSameTarget() => PassAsync("F03");

    [Fact]
    public Task F04_OverloadedForEver_FailsOverAfterAFewAttempts() => PassAsync("F04");

    [Fact]
    public Task F05_ResetBeforeHeadersOnce_IsNotSeen() => PassAsync("F05");

    // timeouts.firstToken: 500 ms instead of 12 s.
    [Fact]
    public Task F06_SilentPrimary_IsAskedOnceAndTheFallbackAnswers() =>
        PassAsync("F06", new() { Model = """ "timeouts": { "firstToken": "500ms" } """, Within = Soon });

    // timeouts.firstToken: 500 ms instead of 12 s.
    [Fact]
    public Task F07_HeadersButNoToken_IsLeftForTheFallback() =>
        PassAsync("F07", new() { Model = """ "timeouts": { "firstToken": "500ms" } """, Within = Soon });

    [Fact]
    public Task F08_TruncatedStream_IsCarriedOnByTheFallback() => PassAsync("F08");

    // timeouts.idle: 1 s instead of 20 s.
    [Fact]
    public Task F09_StalledStream_IsCarriedOnByTheFallbackAndNotTriedAgain() =>
        PassAsync("F09", new() { Model = """ "timeouts": { "idle": "1s" } """, Within = Soon });

    [Fact]
    public Task F10_BrokenEvent_IsSkippedAndCounted() => PassAsync("F10");

    [Fact]
    public Task F11_MissingEndMark_IsSuccessWithUsage() => PassAsync("F11");

    [Fact]
    public Task F12_ContextTooLong_FailsOverAtOnce() => PassAsync("F12");

    [Fact]
    public Task F13_ContentPolicy_ReachesTheClientUnchanged() => PassAsync("F13");

    [Fact]
    public Task F14_TruncatedStreamAndNoPrefill_IsStillCarriedOn() => PassAsync("F14");

    // The gateway's and the simulators' clock is the test's: 80 s of outage and healing with the breaker's default times pass at once.
    // retry.backoffBase: 0 s instead of 250 ms, so that no request waits on that clock.
    [Fact]
    public Task F15_OutageOfAMinute_IsServedWithLittleWasteAndLeftSoonAfterHealing()
    {
        var clock = new ManualTimeProvider();
        return PassAsync("F15", new()
        {
            Time = clock,
            Pause = span =>
            {
                clock.Advance(span);
                return Task.CompletedTask;
            },
            Model = """ "retry": { "backoffBase": "0s" } """,
        });
    }

    [Fact]
    public Task F16_FailedAttempts_AreNotBilled() => PassAsync("F16");

    [Fact]
    public void EveryRow_HasItsTest() => Assert.Equal(
        FaultExam.Rows.Select(row => row.Id),
        typeof(FaultExamTests).GetMethods().Select(method => method.Name).Where(name => name.StartsWith('F')).Select(name => name[..3]).Order(StringComparer.Ordinal));

    private static async Task PassAsync(string row, ExamSettings? settings = null)
    {
        var result = await FaultExam.SitAsync(FaultExam.Find(row), settings ?? new());
        Assert.True(result.Passed, $"{result.Seen}\n{string.Join('\n', result.Findings.All)}");
    }
}
