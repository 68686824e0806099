namespace Relay.Simulator;

/// <summary>A rule of the book as it stands: for which model, which fault, and how often it has happened.</summary>
/// <param name="Model">The model's name, or <c>*</c> for every model.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Seen">Requests that came to the rule.</param>
/// <param name="Fired">Requests that it hit.</param>
public sealed record FaultRule(string Model, Fault Fault, long Seen, long Fired);

/// <summary>The scripted faults of one simulator. A request is offered to the rules in the order they were added; the first that hits, counts.</summary>
public sealed class FaultBook
{
    /// <summary>Rules kept at most; adding more throws.</summary>
    public const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _seed;
    private readonly List<LiveRule> _rules = [];
    private volatile int _count;

    internal FaultBook(TimeProvider time, int seed) => (_time, _seed) = (time, seed);

    /// <summary>The rules in their order, with what has happened so far.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Select(r => r.Snapshot())];
            }
        }
    }

    /// <summary>Adds a rule from the fault's text form.</summary>
    /// <exception cref="FormatException">The text is wrong; the message says how.</exception>
    public void Add(string model, string fault) => Add(model, Fault.Parse(fault));

    /// <summary>Adds a rule for a model's name, or for every model with <c>*</c>.</summary>
    public void Add(string model, Fault fault) => Add([(model, fault)], replace: false);

    /// <summary>Replaces all rules at once; their counts start anew.</summary>
    public void Set(params IReadOnlyList<(string Model, Fault Fault)> rules) => Add(rules, replace: true);

    /// <summary>Removes all rules.</summary>
    public void Clear() => Add([], replace: true);

    /// <summary>Removes one model's rules.</summary>
    public void Clear(string model)
    {
        lock (_gate)
        {
            _rules.RemoveAll(r => r.Model == model);
            _count = _rules.Count;
        }
    }

    internal void Add(IReadOnlyList<(string Model, Fault Fault)> rules, bool replace)
    {
        lock (_gate)
        {
            if (rules.Count + (replace ? 0 : _rules.Count) > Capacity)
            {
                throw new InvalidOperationException($"the fault book holds at most {Capacity} rules");
            }

            if (replace)
            {
                _rules.Clear();
            }

            foreach (var (model, fault) in rules)
            {
                _rules.Add(new LiveRule(model, fault, _time.GetTimestamp()));
            }

            _count = _rules.Count;
        }
    }

    /// <summary>The fault of this request, or null; counts it.</summary>
    internal Fault? Take(string model, FaultTarget target)
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var rule = _rules[i];
                if ((rule.Model == "*" || rule.Model == model) && target.IsIn(FaultTable.Of(rule.Fault.Kind).Scope)
                    && (rule.Fault.Key is null || rule.Fault.Key == target.Key)
                    && rule.Hits(_time, SplitMix64.Mix((ulong)_seed, (ulong)i)))
                {
                    return rule.Fault;
                }
            }
        }

        return null;
    }

    private sealed class LiveRule(string model, Fault fault, long added)
    {
        private long _seen;
        private long _fired;

        public string Model => model;

        public Fault Fault => fault;

        public FaultRule Snapshot() => new(model, fault, _seen, _fired);

        public bool Hits(TimeProvider time, ulong seed)
        {
            if (fault.Window is { } window && time.GetElapsedTime(added) >= window)
            {
                return false;
            }

            var index = _seen++ - fault.After;
            if (index < 0 || _fired >= (fault.Times ?? long.MaxValue))
            {
                return false;
            }

            if (fault.FlapBad > 0 && index % (fault.FlapBad + fault.FlapGood) >= fault.FlapBad)
            {
                return false;
            }

            if (fault.Probability < 1 && new SplitMix64(SplitMix64.Mix(seed, (ulong)index)).NextDouble() >= fault.Probability)
            {
                return false;
            }

            _fired++;
            return true;
        }
    }
}

/// <summary>What a request is, as far as faults ask.</summary>
internal readonly record struct FaultTarget(bool Chat, bool Stream, bool Prefill, bool EndMark, bool UsageChunk)
{
    public string? Key { get; init; }

    public bool IsIn(FaultScope scope) => scope switch
    {
        FaultScope.Chat => Chat,
        FaultScope.Stream => Stream,
        FaultScope.Plain => !Stream,
        FaultScope.Prefill => Prefill,
        FaultScope.UsageChunk => Stream && UsageChunk,
        FaultScope.EndMark => Stream && EndMark,
        _ => true,
    };
}
