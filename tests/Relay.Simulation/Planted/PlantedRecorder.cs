using Microsoft.Extensions.Logging.Abstractions;
using Relay.Core.Cost;
using Relay.Gateway.Recording;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Simulation.Planted;

/// <summary>The gateway's recorder, with a bug around it.</summary>
internal sealed class PlantedRecorder(World world, IEnumerable<IRecordSink> sinks, GatewayMetrics metrics)
    : Recorder(sinks, metrics, world.Time, NullLogger<Recorder>.Instance)
{
    /// <inheritdoc/>
    internal override async ValueTask CompleteAsync(RequestRecord record, ModelRoute route)
    {
        switch (world.Plan.Bug)
        {
            case PlantedBug.ForgetsRecord when record.Attempts.Count > 2:
                return;
            case PlantedBug.WrongCost when record.Cost is { } cost && record.Attempts.Count > 1:
                record = record with { Cost = new NanoUsd(cost.Nanos * 2) };
                break;
            case PlantedBug.RecordsOtherStatus when record.HttpStatus > 200:
                record = record with { HttpStatus = 200 };
                break;
            case PlantedBug.RecordsTwice when record.Attempts.Count > 1:
                await base.CompleteAsync(record, route);
                break;
        }

        await base.CompleteAsync(record, route);
    }
}
