using System.Globalization;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.Simulation.Client;
using Relay.Simulation.Gateways;
using Relay.Simulation.Provider;
using Relay.Simulation.Tracing;

namespace Relay.Simulation.Invariants;

/// <summary>Hears all that happens in a run, writes it to the trace, and hands it to every invariant.</summary>
internal sealed class Referee
{
    /// <summary>A run that is still going after so many steps goes in circles.</summary>
    private const long MaxSteps = 50_000_000;

    /// <summary>So many violations are kept; one is too many.</summary>
    private const int MaxViolations = 20;

    private readonly World _world;
    private readonly Invariant[] _invariants;
    private readonly Book?[] _books;
    private readonly List<Violation> _violations = [];
    private long _steps;

    /// <summary>Creates it.</summary>
    public Referee(World world)
    {
        _world = world;
        _books = new Book?[world.Plan.Requests.Count];
        _invariants = Invariant.All(world);
    }

    /// <summary>What was seen that must not be.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>The requests so far, in their order.</summary>
    public IEnumerable<Book> Books => _books.Where(book => book is not null)!;

    /// <summary>It makes no sense to go on.</summary>
    public bool IsHopeless => _violations.Count >= MaxViolations || _steps > MaxSteps;

    /// <summary>What was counted, for the report.</summary>
    public Tally Tally { get; } = new();

    /// <summary>An invariant does not hold.</summary>
    public void Fail(string invariant, string what, int request)
    {
        if (_violations.Count < MaxViolations)
        {
            _violations.Add(new Violation(invariant, _world.Time.Elapsed, request, what));
        }
    }

    /// <summary>Pieces of code ran.</summary>
    public void CountSteps(int steps) => _steps += steps + 1;

    /// <summary>A client comes.</summary>
    public void Arrives(SimClient client) => _books[client.Request.Index] = new Book(client);

    /// <summary>A gateway lets a client in.</summary>
    public void Admits(SimClient client, RelayConfig config) => _books[client.Request.Index]!.Config = config;

    /// <summary>A gateway turns a client away.</summary>
    public void Rejects(SimClient client) => _books[client.Request.Index]!.IsRejected = true;

    /// <summary>A request reaches a provider.</summary>
    public UpstreamAttempt Attempts(int gateway, SimTarget target, FaultKind fault)
    {
        var book = Current;
        var attempt = new UpstreamAttempt
        {
            Request = book.Request,
            Gateway = gateway,
            Target = target,
            Fault = fault,
            Began = _world.Time.Elapsed,
            AfterCommit = book.Client.Started,
            BytesBefore = book.Client.Bytes.Length,
        };
        Tell(Happening.Attempt, gateway, target.Index, (int)fault + (attempt.AfterCommit ? 0x100 : 0));
        Tally.Attempts++;
        Tally.Faults[(int)fault]++;
        Tally.Rescues += attempt.AfterCommit ? 1 : 0;
        Each(book, attempt, static (i, book, attempt) => i.Attempts(book, attempt));
        book.Attempts.Add(attempt);
        return attempt;
    }

    /// <summary>A provider has read the request.</summary>
    public void Asks(UpstreamAttempt attempt, Asked asked) => Each(BookOf(attempt), (attempt, asked), static (i, book, s) => i.Asks(book, s.attempt, s.asked));

    /// <summary>An attempt failed, or its answer was let go of.</summary>
    public void Frees(UpstreamAttempt attempt)
    {
        attempt.IsOpen = false;
        _world.Tell(Happening.Freed, attempt.Request.Index, attempt.Gateway, attempt.Target.Index, (long)(_world.Time.Elapsed - attempt.Began).TotalMilliseconds);
    }

    /// <summary>A request asks to be let in to a target.</summary>
    public void Enters(Place place, BreakerAdmission entry, BreakerState state, TimeSpan now)
    {
        if (!entry.Allowed)
        {
            Tell(Happening.Refused, place.Gateway, place.Target, (long)Math.Clamp((entry.RetryAt - now).TotalMilliseconds, 0, 1e9));
        }
        else if (entry.Lease.IsHeld)
        {
            Tally.Probes++;
            Tell(Happening.Probe, place.Gateway, place.Target, entry.Lease.Id);
        }

        Each(Current, (place, entry, state, now), static (i, book, s) => i.Enters(book, s.place, s.entry, s.state, s.now));
        if (entry.Allowed)
        {
            Current.Entries.Add((place, entry.Lease));
        }
    }

    /// <summary>A request counts for a target's retry budget.</summary>
    public void CountsRequest(Place place, TimeSpan now) => Each((place, now), static (i, s) => i.CountsRequest(s.place, s.now));

    /// <summary>A retry is asked for.</summary>
    public void TakesRetry(Place place, bool taken, RetryOptions options, TimeSpan now)
    {
        Tell(Happening.Retry, place.Gateway, place.Target, taken ? 1 : 0);
        Tally.RetriesRefused += taken ? 0 : 1;
        Each((place, taken, options, now), static (i, s) => i.TakesRetry(s.place, s.taken, s.options, s.now));
        if (taken)
        {
            Current.Retries.Add(place);
        }
    }

    /// <summary>The last retry that was taken is given back.</summary>
    public void ReturnsRetry(Place place)
    {
        Tell(Happening.Retry, place.Gateway, place.Target, -1);
        Current.Retries.Remove(place);
        Each(place, static (i, place) => i.ReturnsRetry(place));
    }

    /// <summary>A target is to be left alone.</summary>
    public void LeavesAlone(Place place, TimeSpan until, TimeSpan wait)
    {
        Tell(Happening.LeftAlone, place.Gateway, place.Target, (long)wait.TotalMilliseconds);
        Each((place, until), static (i, s) => i.LeavesAlone(s.place, s.until));
    }

    /// <summary>A probe shows life.</summary>
    public void Settles(Place place, ProbeLease lease) => Each(Current, (place, lease), static (i, book, s) => i.Settles(book, s.place, s.lease));

    /// <summary>A request is through with a target.</summary>
    public void Judges(Place place, Verdict verdict, ProbeLease lease)
    {
        Tell(Happening.Verdict, place.Gateway, place.Target, (long)verdict);
        Settles(place, lease);
    }

    /// <summary>A record is written.</summary>
    public void Records(RequestRecord record)
    {
        var book = _books[int.Parse(record.RequestId, CultureInfo.InvariantCulture)]!;
        _world.Tell(Happening.Record, book.Index, book.Request.Gateway, value: (long)record.Error);
        book.Records.Add(record);
        Tally.Add(record);
        Each(book, record, static (i, book, record) => i.Records(book, record));
    }

    /// <summary>A gateway is through with a request.</summary>
    /// <param name="client">Its client.</param>
    /// <param name="fault">What the pipeline threw, or null.</param>
    public void IsThrough(SimClient client, Exception? fault)
    {
        var book = _books[client.Request.Index]!;
        Tally.Outcomes[(int)client.Outcome]++;
        if (fault is not null)
        {
            Fail(nameof(NothingBreaksInside), $"{fault.GetType().Name}: {fault.Message} {fault.StackTrace}", book.Index);
        }

        Each(book, 0, static (i, book, _) => i.IsThrough(book));
    }

    /// <summary>All requests are through, or time is up.</summary>
    public void RunIsOver()
    {
        if (_steps > MaxSteps)
        {
            Fail(nameof(LimitsEndRequests), "The run goes in circles.", -1);
        }

        Each(0, static (i, _) => i.RunIsOver());
    }

    /// <summary>The gateways have stopped, or some of them.</summary>
    public void GatewaysAreStopped(int stopped)
    {
        if (stopped != _world.Gateways.Length)
        {
            Fail(nameof(EverythingIsGivenBack), "A gateway did not stop.", -1);
        }

        Each(0, static (i, _) => i.GatewaysAreStopped());
    }

    private Book Current => _books[SimRequest.Current!.Index]!;

    private Book BookOf(UpstreamAttempt attempt) => _books[attempt.Request.Index]!;

    private void Tell(Happening what, int gateway, int target, long value) => _world.Tell(what, SimRequest.Current?.Index ?? -1, gateway, target, value);

    private void Each<T>(T state, Action<Invariant, T> tell)
    {
        foreach (var invariant in _invariants)
        {
            tell(invariant, state);
        }
    }

    private void Each<T>(Book book, T state, Action<Invariant, Book, T> tell)
    {
        foreach (var invariant in _invariants)
        {
            tell(invariant, book, state);
        }
    }
}
