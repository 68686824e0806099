using Relay.Api.Admin;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Grpc;
using Relay.Silo.Grains;

namespace Relay.Api.Grpc;

/// <summary><c>relay.v1.Stats</c> (protos/relay/v1/stats.proto): what <c>/api/v1</c> tells, from the same queries.</summary>
internal sealed class StatsService(StatsQuery stats, WatchHub hub, AdminGate admin, BreakerControl breakers, ApiOptions options, ITopology topology, TimeProvider time)
{
    /// <summary>Its full name.</summary>
    public static string Name => V1.StatsReflection.Descriptor.Services[0].FullName;

    /// <summary>The service with all its methods.</summary>
    public GrpcService Create() => new GrpcService(V1.StatsReflection.Descriptor.Services[0])
        .Unary<V1.ListModelsRequest, V1.ListModelsResponse>("ListModels", async (request, call) =>
            ReportsProto.Models(await stats.GetAllAsync(StatsRequests.Window(request.Window), call.Cancellation)))
        .Unary<V1.GetModelRequest, V1.GetModelResponse>("GetModel", async (request, call) =>
            ReportsProto.Model(await stats.FindAsync(request.Model, StatsRequests.Window(request.Window), call.Cancellation) ?? throw StatsRequests.NoModel(request.Model)))
        .Unary<V1.ListTargetsRequest, V1.ListTargetsResponse>("ListTargets", async (request, call) =>
            ReportsProto.Targets(await stats.GetTargetsAsync(StatsRequests.Window(request.Window), call.Cancellation)))
        .Unary<V1.GetTargetRequest, V1.GetTargetResponse>("GetTarget", async (request, call) =>
            ReportsProto.Target(await stats.FindTargetAsync(request.Target, StatsRequests.Window(request.Window), call.Cancellation) ?? throw StatsRequests.NoTarget(request.Target)))
        .Unary<V1.GetSeriesRequest, V1.Series>("GetSeries", async (request, call) => ReportsProto.Series(await SeriesAsync(request, call.Cancellation)))
        .Unary<V1.GetHeatmapRequest, V1.Heatmap>("GetHeatmap", async (request, call) => ReportsProto.Heatmap(await HeatmapAsync(request, call.Cancellation)))
        .Unary<V1.ListBreakersRequest, V1.ListBreakersResponse>("ListBreakers", async (request, call) => ReportsProto.Breakers(await BreakersAsync(request, call.Cancellation)))
        .Unary<V1.SetBreakerRequest, V1.SetBreakerResponse>("SetBreaker", async (request, call) => ReportsProto.Breaker(await SetBreakerAsync(request, call)))
        .Unary<V1.ListFailoversRequest, V1.ListFailoversResponse>("ListFailovers", async (request, call) => ReportsProto.Failovers(await FailoversAsync(request, call.Cancellation)))
        .Unary<V1.GetInfoRequest, V1.GetInfoResponse>("GetInfo", (_, _) => ValueTask.FromResult(Info()))
        .ServerStream<V1.WatchStatsRequest, V1.StatsFrame>("WatchStats", WatchAsync);

    private async Task<SeriesReport> SeriesAsync(V1.GetSeriesRequest request, CancellationToken cancellation)
    {
        var selection = StatsRequests.Series(request);
        return request.SubjectCase switch
        {
            V1.GetSeriesRequest.SubjectOneofCase.Model => await stats.FindModelSeriesAsync(request.Model, selection, cancellation) ?? throw StatsRequests.NoModel(request.Model),
            V1.GetSeriesRequest.SubjectOneofCase.Target => await stats.FindTargetSeriesAsync(request.Target, selection, cancellation) ?? throw StatsRequests.NoTarget(request.Target),
            _ => await stats.GetSeriesAsync(selection, cancellation),
        };
    }

    private async Task<HeatmapReport> HeatmapAsync(V1.GetHeatmapRequest request, CancellationToken cancellation)
    {
        var selection = StatsRequests.Heatmap(request);
        return request.SubjectCase switch
        {
            V1.GetHeatmapRequest.SubjectOneofCase.Model => await stats.FindModelHeatmapAsync(request.Model, selection, cancellation) ?? throw StatsRequests.NoModel(request.Model),
            V1.GetHeatmapRequest.SubjectOneofCase.Target => await stats.FindTargetHeatmapAsync(request.Target, selection, cancellation) ?? throw StatsRequests.NoTarget(request.Target),
            _ => await stats.GetHeatmapAsync(selection, cancellation),
        };
    }

    private async Task<BreakersReport> BreakersAsync(V1.ListBreakersRequest request, CancellationToken cancellation) => request.Target.Length == 0
        ? await stats.GetBreakersAsync(cancellation)
        : await stats.FindBreakerAsync(request.Target, cancellation) ?? throw StatsRequests.NoTarget(request.Target);

    private async Task<BreakersReport> SetBreakerAsync(V1.SetBreakerRequest request, GrpcCall call)
    {
        CheckAdmin(call);
        var force = request.Force switch
        {
            V1.BreakerForce.Unspecified => BreakerForce.None,
            V1.BreakerForce.Open => BreakerForce.Open,
            V1.BreakerForce.Closed => BreakerForce.Closed,
            _ => throw StatsRequests.Invalid("force", $"force is {(int)request.Force}; it must be one of 0 (reset), 1 (open), 2 (closed)."),
        };
        var requestId = $"api_{Guid.NewGuid():N}";
        call.SetHeader("x-relay-request-id", requestId);
        return await breakers.SetAsync(new BreakerOrder(request.Target, force, request.Note, AdminGate.Name, requestId), call.Cancellation)
            ?? throw StatsRequests.NoTarget(request.Target);
    }

    private void CheckAdmin(GrpcCall call)
    {
        var (kind, code, message) = admin.Check(call.GetMetadata("authorization")) switch
        {
            AdminVerdict.Allowed => (ErrorKind.None, "", ""),
            AdminVerdict.NotConfigured => (ErrorKind.Permission, "admin_not_configured", AdminGate.HowToConfigure),
            AdminVerdict.Missing => (ErrorKind.Authentication, "missing_admin_token", "This needs the admin token: send it as metadata 'authorization: Bearer TOKEN'."),
            _ => (ErrorKind.Permission, "wrong_admin_token", "This is not the admin token."),
        };
        if (kind != ErrorKind.None)
        {
            throw new GrpcException(GrpcStatus.Of(kind, message) with { ErrorCode = code });
        }
    }

    private async Task<FailoversReport> FailoversAsync(V1.ListFailoversRequest request, CancellationToken cancellation)
    {
        var selection = StatsRequests.Failovers(request);
        if (selection.Model is { } model && !stats.HasModel(model))
        {
            throw StatsRequests.NoModel(model);
        }

        if (selection.Target is { } target && !stats.HasTarget(target))
        {
            throw StatsRequests.NoTarget(target);
        }

        return await stats.GetFailoversAsync(selection, cancellation);
    }

    private V1.GetInfoResponse Info() => new()
    {
        Version = options.Version,
        GatewayUrl = options.GatewayUrl,
        Models = { topology.Models.Select(model => model.Model) },
        ConfigVersion = topology.ConfigVersion,
    };

    private async ValueTask WatchAsync(V1.WatchStatsRequest request, IGrpcWriter<V1.StatsFrame> writer, GrpcCall call)
    {
        var isGzip = writer.AcceptsGzip;
        using var watcher = hub.TryWatch(StatsRequests.Window(request.Window), StatsRequests.Rate(request.MaxFramesPerSecond), isGzip ? WatchForm.GzipMessage : WatchForm.Message)
            ?? throw new GrpcException(new GrpcStatus(GrpcStatusCode.ResourceExhausted, ErrorKind.Overloaded, $"{WatchHub.MaxWatchers:N0} watch already, and there may be no more. Ask ListModels instead.")
            {
                ErrorCode = "too_many_watchers",
            });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Stopping, hub.Stopping);
        try
        {
            while (true)
            {
                if (await watcher.TakeAsync(WatchEvents.Heartbeat, over.Token) is { } picture)
                {
                    var sending = writer.WriteSerializedAsync(isGzip ? picture.ToGzipMessage() : picture.ToMessage(), isGzip);
                    await (sending.IsCompletedSuccessfully ? Task.CompletedTask : sending.AsTask().WaitAsync(WatchHub.StuckAfter, time, over.Token));
                }
            }
        }
        catch (TimeoutException)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.ResourceExhausted, ErrorKind.ClientClosed, $"A frame was not taken within {WatchHub.StuckAfter.TotalSeconds} s."));
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Unavailable, ErrorKind.None, "The server is stopping."));
        }
    }
}
