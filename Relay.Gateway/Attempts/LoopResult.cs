using Relay.Core.Errors;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Attempts;

/// <summary>How a request ended.</summary>
/// <param name="Target">The target that answered or was tried last; null when none was.</param>
/// <param name="Result">The last attempt's result; for a stream that nobody could go on with, that of the attempt that broke.</param>
internal sealed record LoopResult(UpstreamTarget? Target, AttemptResult Result);

/// <summary>What is known so far of how a request will end.</summary>
internal struct LoopOutcome
{
    private UsefulError _errors;
    private UpstreamTarget? _brokenAt;
    private AttemptResult? _broken;

    /// <summary>An attempt failed and left no trace at the client.</summary>
    public void Failed(RelayError error) => _errors.Add(error);

    /// <summary>An attempt broke off after the client had seen a part of it.</summary>
    public void Broke(UpstreamTarget target, AttemptResult result) => (_brokenAt, _broken) = (target, result);

    /// <summary>This attempt was the last.</summary>
    public readonly LoopResult End(UpstreamTarget target, AttemptResult result) => result switch
    {
        { End: not AttemptEnd.Failed } => new(target, result),

        // The client left, or its deadline passed, while somebody was to go on: the stream is as broken as before, and that is why.
        { Error: { } why } when _broken is not null => new(_brokenAt, Broken(_broken, why)),
        { Kind: ErrorKind.ClientClosed } => new(target, result),
        _ => new(target, AttemptResult.Fail(_errors.Best ?? result.Error!)),
    };

    /// <summary>No target is left.</summary>
    public readonly LoopResult End() =>
        _broken is not null ? new(_brokenAt, _broken)
        : new(null, AttemptResult.Fail(_errors.Best ?? new RelayError(ErrorKind.Internal, "The model has no target.")));

    private static AttemptResult Broken(AttemptResult broken, RelayError why) =>
        new() { End = AttemptEnd.Broken, Error = why, Status = broken.Status, Usage = broken.Usage, FirstToken = broken.FirstToken, Elapsed = broken.Elapsed };
}
