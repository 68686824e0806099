using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Embedded;

/// <summary>The grains of the embedded engine: plain objects in this process, gone with it.</summary>
/// <remarks>
/// Thread-safe; every call completes at once, so there is nothing to cancel. Names past the limit, and names over
/// <see cref="MaxNameLength"/> characters, count together under <see cref="Other"/>; there, too, a delta that was sent twice counts
/// once, as long as no more than <see cref="GatewayReports.MaxGateways"/> names share it.
/// </remarks>
public sealed class EmbeddedGrains : IGrains
{
    /// <summary>The name under which everything counts that has no place of its own.</summary>
    public const string Other = "_other";

    /// <summary>The longest name that gets a place of its own, in characters.</summary>
    public const int MaxNameLength = 256;

    private readonly SliceClock _clock;
    private readonly GrainDirectory<TargetGrain> _targets;
    private readonly GrainDirectory<ModelGrain> _models;
    private readonly TargetGrain _otherTarget = new(Other);
    private readonly ModelGrain _otherModel = new(Other);

    /// <summary>Never written to: it knows what nothing looks like.</summary>
    private readonly ModelGrain _nothing = new("");

    /// <summary>Creates the grains.</summary>
    /// <param name="time">The clock that windows run on.</param>
    /// <param name="limits">How many names are kept apart; null for the defaults.</param>
    public EmbeddedGrains(TimeProvider time, EmbeddedLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        limits ??= EmbeddedLimits.Default;
        _clock = new(time);
        _targets = new(limits.Targets, static name => new TargetGrain(name));
        _models = new(limits.Models, static name => new ModelGrain(name));
    }

    private TimeSpan Now => _clock.Now;

    /// <inheritdoc/>
    public ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var grain = HasOwnPlace(delta.Target) ? _targets.FindOrAdd(delta.Target) : null;
        return ValueTask.FromResult(grain is not null
            ? grain.Apply(delta, Now)
            : _otherTarget.Apply(delta with { Gateway = Sender(delta.Gateway, delta.Target), Breaker = delta.Breaker with { Decision = default } }, Now));
    }

    /// <inheritdoc/>
    public ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var grain = HasOwnPlace(delta.Model) ? _models.FindOrAdd(delta.Model) : null;
        return ValueTask.FromResult(grain is not null
            ? grain.Apply(delta, Now)
            : _otherModel.Apply(delta with { Gateway = Sender(delta.Gateway, delta.Model) }, Now));
    }

    /// <inheritdoc/>
    public ValueTask<bool> RestoreAsync(HistoryDelivery delivery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return ValueTask.FromResult(delivery.Kind == GrainKind.Target
            ? _targets.Find(delivery.Name)?.Restore(delivery, Now) ?? false
            : _models.Find(delivery.Name)?.Restore(delivery, Now) ?? false);
    }

    /// <inheritdoc/>
    public ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var grain = target == Other ? _otherTarget : _targets.Find(target);
        return ValueTask.FromResult(grain?.Breaker(Now) ?? new TargetBreakerState(target, Breaker: null, default, []));
    }

    /// <inheritdoc/>
    public ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation)
    {
        // Those that share a place follow no decision: it would be one for all of them.
        var grain = HasOwnPlace(target) ? _targets.FindOrAdd(target) : null;
        return grain is not null
            ? ValueTask.FromResult(grain.Decide(force, Now))
            : throw new InvalidOperationException("There are so many targets that this one has no grain of its own.");
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var grain = model == Other ? _otherModel : _models.Find(model);
        return ValueTask.FromResult(grain?.Stories() ?? []);
    }

    /// <inheritdoc/>
    public ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var grain = target == Other ? _otherTarget : _targets.Find(target);
        return ValueTask.FromResult(grain?.Stats(window, Now) ?? new TargetStats(target, MeterStats.Nothing, Breaker: null));
    }

    /// <inheritdoc/>
    public ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var grain = model == Other ? _otherModel : _models.Find(model);
        return ValueTask.FromResult(grain?.Stats(window, Now) ?? new ModelStats(model, MeterStats.Nothing));
    }

    /// <inheritdoc/>
    public ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var grain = target == Other ? _otherTarget : _targets.Find(target);
        return ValueTask.FromResult(grain?.Series(query, Now) ?? _nothing.Series(query, Now));
    }

    /// <inheritdoc/>
    public ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        var grain = model == Other ? _otherModel : _models.Find(model);
        return ValueTask.FromResult((grain ?? _nothing).Series(query, Now));
    }

    private static bool HasOwnPlace(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= MaxNameLength && name != Other;
    }

    /// <summary>Sequences count per gateway and name, so that in the shared place the name is part of who sends. Only the end of a long name is.</summary>
    private static string Sender(string gateway, string name) => $"{gateway}\n{name[Math.Max(0, name.Length - MaxNameLength)..]}";
}
