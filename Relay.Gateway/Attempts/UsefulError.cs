using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Attempts;

/// <summary>Picks what the client is told when everything failed: the caller's own fault first, since only that it can mend; then what the first target said.</summary>
internal struct UsefulError
{
    private RelayError? _first;
    private RelayError? _callers;

    /// <summary>Takes the last error of a target.</summary>
    public void Add(RelayError error)
    {
        _first ??= error;
        if (error.Row.Domain == FaultDomain.Caller)
        {
            _callers ??= error;
        }
    }

    /// <summary>The most useful one so far, or null.</summary>
    public readonly RelayError? Best => _callers ?? _first;
}
