using System.Collections.Concurrent;
using Relay.Core.Errors;
using Relay.Gateway.Recording;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>
/// What this process has counted since it started, for Prometheus. Labels are configured names only, so requests cannot make series;
/// past <see cref="MaxCells"/> pairs of model and target, further ones share <c>_other</c>.
/// </summary>
internal sealed class GatewayMetrics
{
    /// <summary>Pairs of model and target, and targets, that are told apart: 10,000 of each.</summary>
    public const int MaxCells = 10_000;

    /// <summary>The target of requests that reached none.</summary>
    public const string NoTarget = "none";

    private const string Other = "_other";

    private readonly ConcurrentDictionary<(string Model, string Target), RequestCells> _requests = new();
    private readonly ConcurrentDictionary<string, AttemptCells> _attempts = new();
    private readonly long[] _rejected = new long[ErrorTable.Count];
    private readonly RequestCells _otherRequests = new(Other, Other);
    private readonly AttemptCells _otherAttempts = new(Other);
    private long _failovers;
    private long _rescued;
    private long _notRescued;
    private long _droppedStories;

    /// <summary>What Relay itself added to requests.</summary>
    public MetricHistogram Overhead { get; } = new(MetricBounds.Overhead);

    /// <summary>All pairs seen so far.</summary>
    public IEnumerable<RequestCells> Requests => _requests.Values;

    /// <summary>All targets seen so far.</summary>
    public IEnumerable<AttemptCells> Attempts => _attempts.Values;

    /// <summary>Requests that another target than the first one tried had to answer.</summary>
    public long Failovers => Volatile.Read(ref _failovers);

    /// <summary>Streams that broke and were continued to their end.</summary>
    public long Rescued => Volatile.Read(ref _rescued);

    /// <summary>Streams that broke, and that nobody continued to their end although somebody was asked to.</summary>
    public long NotRescued => Volatile.Read(ref _notRescued);

    /// <summary>Failovers and rescues that were too many in one flush to be told one by one.</summary>
    public long DroppedStories => Volatile.Read(ref _droppedStories);

    /// <summary>Requests that were turned away before they were admitted or routed.</summary>
    public long Rejected(ErrorKind kind) => Volatile.Read(ref _rejected[(int)kind]);

    /// <summary>The cells of a pair.</summary>
    public RequestCells For(string model, string? target)
    {
        var key = (model, target ?? NoTarget);
        return _requests.TryGetValue(key, out var cells) ? cells
            : _requests.Count >= MaxCells ? _otherRequests
            : _requests.GetOrAdd(key, static k => new RequestCells(k.Model, k.Target));
    }

    /// <summary>Counts an admitted request and its attempts.</summary>
    public void Count(RequestRecord request)
    {
        For(request.Model, request.Target).Count(request);
        Overhead.Observe((long)request.Overhead.TotalMicroseconds);
        var (failedOver, askedToGoOn) = (false, false);
        for (var i = 0; i < request.Attempts.Count; i++)
        {
            var attempt = request.Attempts[i];
            AttemptsAt(attempt.Target).Count(attempt);
            failedOver |= attempt.Target != request.Attempts[0].Target;
            askedToGoOn |= attempt.IsRescue;
        }

        if (askedToGoOn)
        {
            Interlocked.Increment(ref request.Rescued ? ref _rescued : ref _notRescued);
        }

        if (failedOver)
        {
            Interlocked.Increment(ref _failovers);
        }
    }

    /// <summary>Counts stories that had no place.</summary>
    public void CountDroppedStories(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _droppedStories, count);
        }
    }

    /// <summary>Counts a standby probe.</summary>
    public void CountStandby(string target, ErrorKind kind) => AttemptsAt(target).CountStandby(kind);

    /// <summary>Counts a request that was turned away.</summary>
    public void Reject(ErrorKind kind) => Interlocked.Increment(ref _rejected[(int)kind]);

    private AttemptCells AttemptsAt(string target) =>
        _attempts.TryGetValue(target, out var cells) ? cells
        : _attempts.Count >= MaxCells ? _otherAttempts
        : _attempts.GetOrAdd(target, static t => new AttemptCells(t));
}
