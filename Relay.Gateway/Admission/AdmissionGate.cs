using Relay.Core.Errors;
using Relay.Gateway.Auth;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Admission;

/// <summary>Decides whether Relay takes a request on at all: the process's limit on concurrent requests and the key's rate.</summary>
internal sealed class AdmissionGate(TimeProvider time)
{
    private int _inside;

    /// <summary>Requests inside now.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Raised after one left. A client may see the end of its answer before; tests wait for this.</summary>
    public event Action? Left;

    /// <summary>Lets a request in, or says why not. One that was let in must <see cref="Leave"/>.</summary>
    /// <param name="key">Its key, or null where none is configured.</param>
    /// <param name="maxConcurrent">How many may be inside, by the configuration that the request is served from.</param>
    public RelayError? TryEnter(KnownKey? key, int maxConcurrent)
    {
        if (key is not null && !key.TryTake(Monotonic.Now(time), out var retryAfter))
        {
            return new(ErrorKind.RateLimited, $"The key '{key.Name}' is over its request rate. Slow down.") { RetryAfter = retryAfter };
        }

        // Counting first and taking it back would let a refused request stand in the way of one that still fits.
        var inside = Volatile.Read(ref _inside);
        while (inside < maxConcurrent)
        {
            var seen = Interlocked.CompareExchange(ref _inside, inside + 1, inside);
            if (seen == inside)
            {
                return null;
            }

            inside = seen;
        }

        return new(ErrorKind.Overloaded, "This Relay carries as many requests as it may (limits.maxConcurrentRequests). Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>A request that was let in is through.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _inside);
        Left?.Invoke();
    }
}
