using System.Buffers;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Simulation.Client;
using Relay.Simulation.Time;

namespace Relay.Simulation.Planted;

/// <summary>The gateway's runner of attempts, with a bug around it.</summary>
internal sealed class PlantedRunner(World world, GatewayMetrics metrics) : AttemptRunner(world.Time, metrics)
{
    private static int _undetermined;

    /// <inheritdoc/>
    public override async ValueTask<AttemptResult> RunAsync(RelayRequest request, Visit visit)
    {
        if (world.Plan.Bug == PlantedBug.RescuesOtherText && request.IsRescue)
        {
            request.Sent!.Append("?"u8);
        }

        var result = await base.RunAsync(request, visit);
        var failed = result.End == AttemptEnd.Failed;
        var chosen = SimRequest.Current!.Index % 16 == 0;
        switch (world.Plan.Bug)
        {
            case PlantedBug.IgnoresFinishReason when result is { End: AttemptEnd.Broken, Kind: ErrorKind.Truncated }:
                return new() { End = AttemptEnd.Answered, Status = result.Status, Usage = result.Usage, FirstToken = result.FirstToken };
            case PlantedBug.AttemptsAfterCommit when result.End == AttemptEnd.Broken:
                return AttemptResult.Fail(result.Error!, result.Status);
            case PlantedBug.Throws when failed && chosen:
                throw new InvalidOperationException("planted");
            case PlantedBug.RetriesInside:
                for (var again = 0; again < 5 && result.End == AttemptEnd.Failed; again++)
                {
                    result = await base.RunAsync(request, visit);
                }

                return result;
            case PlantedBug.LeaksConnection when result.Plain is { } plain && chosen:
                var copy = ArrayPool<byte>.Shared.Rent(plain.Body.Length);
                plain.Body.CopyTo(copy);
                return new() { End = result.End, Status = result.Status, Usage = result.Usage, Plain = new PlainAnswer(copy, plain.Body.Length, new HttpResponseMessage()) };
            case PlantedBug.LeaksCounter when failed:
                visit.Target.State.Meter.Enter();
                return result;
            case PlantedBug.OutlastsTotal when failed && chosen:
                await Outside.Run(world.Time, static time => Pause.For(time, TimeSpan.FromMinutes(10), CancellationToken.None));
                return result;
            case PlantedBug.ForgetsClient when failed && chosen:
                throw new BrokenAnswerException();
            case PlantedBug.IsNotDetermined when failed:
                await Outside.Run(world.Time, static time => Pause.For(time, TimeSpan.FromMilliseconds(Interlocked.Increment(ref _undetermined) % 97), CancellationToken.None));
                return result;
            default:
                return result;
        }
    }
}
