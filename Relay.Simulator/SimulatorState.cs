namespace Relay.Simulator;

/// <summary>What the requests of one simulator share.</summary>
internal sealed class SimulatorState
{
    private long _requests;
    private volatile bool _unplugged;

    public SimulatorState(SimulatorOptions options)
    {
        Options = options;
        Log = new RequestLog(options.TimeProvider, options.LogCapacity);
        Faults = new FaultBook(options.TimeProvider, options.Seed);
        Cache = new AnswerCache(options);
        Fingerprint = $"fp_{SplitMix64.Mix((ulong)options.Seed, 0xF1) & 0xFFFFFFFFFF:x10}";
    }

    public SimulatorOptions Options { get; }

    public RequestLog Log { get; }

    public FaultBook Faults { get; }

    public AnswerCache Cache { get; }

    public LiveConnections Connections { get; } = new();

    /// <summary>The system_fingerprint of every answer.</summary>
    public string Fingerprint { get; }

    public bool Unplugged => _unplugged;

    /// <summary>A seed for one request's delays and ids: the same for the n-th request of every run.</summary>
    public ulong NextRequestSeed() => SplitMix64.Mix((ulong)Options.Seed, (ulong)Interlocked.Increment(ref _requests));

    public void Unplug(LiveConnection? except = null)
    {
        _unplugged = true;
        Connections.ResetAll(except);
    }

    public void Plug() => _unplugged = false;

    public void Reset()
    {
        Plug();
        Faults.Clear();
        Log.Clear();
    }
}
