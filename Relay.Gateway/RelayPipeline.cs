using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Gateway.Admission;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Errors;
using Relay.Gateway.Overrides;
using Relay.Gateway.Recording;
using Relay.Gateway.Rescue;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Content;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Telemetry.Tracing;

namespace Relay.Gateway;

/// <summary>
/// The way of a request, stage by stage.
/// <code><![CDATA[
///   1 auth --> 2 admission --> 3 parse once --> 4 model --> 5 attempts --> 6 record --> 7 the client's last byte
///    401 403     429 503         400 413          403 404     (any)          2 s grace
/// ]]></code>
/// Nothing on it waits for a grain or a store; the record's sinks are asked before the last byte. All of it reads one
/// <see cref="RoutingTable"/>, whatever is put in force meanwhile.
/// </summary>
internal sealed class RelayPipeline(RoutingState routing, AdmissionGate gate, AttemptLoop loop, Recorder recorder, GatewayMetrics metrics, TelemetryContent content, TimeProvider time)
{
    private readonly RequestIds _ids = new();

    /// <summary>Serves one HTTP request.</summary>
    public async Task ServeAsync(HttpContext http, EndpointKind endpoint, ClientForm? form = null)
    {
        form = form?.ForRequest();
        var answer = new HttpAnswer(http, form);
        var entry = Enter(http, endpoint, out var error);
        try
        {
            if (error is null)
            {
                await ServeAdmittedAsync(http, endpoint, form, answer, entry);
            }
            else
            {
                await RejectAsync(answer, entry.Arrival, error);
            }
        }
        finally
        {
            Leave(entry);
        }
    }

    /// <summary>Stages 1 and 2, before anything is read of the request. Whatever comes of it, the entry must <see cref="Leave"/>.</summary>
    public PipelineEntry Enter(HttpContext http, EndpointKind endpoint, out RelayError? error)
    {
        var arrival = new Arrival(_ids.Next(), time.GetUtcNow(), Monotonic.Now(time))
        {
            Endpoint = endpoint,
            TraceParent = RelayTracing.ParentOf(http.Request.Headers),
            TraceState = RelayTracing.StateOf(http.Request.Headers),
            ServedAt = RelayTracing.ServedAt(http.Connection),
        };
        var table = routing.Enter();
        try
        {
            // 1, 2
            error = table.Keys.Check(http, out var key) ?? gate.TryEnter(key, table.Config.Limits.MaxConcurrentRequests);
            return new(arrival, table, key, IsInside: error is null);
        }
        catch
        {
            routing.Leave(table);
            throw;
        }
    }

    /// <summary>The request is through, or was refused.</summary>
    public void Leave(in PipelineEntry entry)
    {
        if (entry.IsInside)
        {
            gate.Leave();
        }

        routing.Leave(entry.Table);
    }

    /// <summary>The error of a request that never became one; nothing is recorded of it.</summary>
    public async ValueTask RejectAsync(AnswerWriter answer, Arrival arrival, RelayError error)
    {
        metrics.Reject(error.Kind);
        if (error.Kind != ErrorKind.ClientClosed)
        {
            await answer.SendErrorAsync(new(arrival.Id, null, 0, null, Monotonic.Now(time) - arrival.At, null, []), error);
        }

        RelayTracing.Reject(arrival, error, Monotonic.Now(time));
    }

    private async ValueTask ServeAdmittedAsync(HttpContext http, EndpointKind endpoint, ClientForm? form, HttpAnswer answer, PipelineEntry entry)
    {
        // 3
        var (body, error) = await BodyReader.ReadAsync(http.Request, entry.Table.Config.Limits.MaxRequestBodyBytes);
        using var owned = body;
        var waited = Monotonic.Now(time) - entry.Arrival.At;
        var dropped = new DroppedFields();
        ChatForm? chat = null;
        var scan = body is null ? null
            : form is not null ? form.Scan(body.Memory, dropped, out chat, out error)
            : endpoint == EndpointKind.Chat ? RequestScanner.ScanChat(body.Memory.Span, out error)
            : RequestScanner.ScanEmbeddings(body.Memory.Span, out error);
        await ServeReadAsync(entry, http.Request.Headers, answer, new(endpoint, body, scan, error) { Form = form, Chat = chat, Dropped = dropped, Waited = waited });
    }

    /// <summary>From stage 4 on: a request that was let in and read, over whatever protocol it came.</summary>
    /// <param name="entry">What let it in.</param>
    /// <param name="headers">Its headers; gRPC's metadata are that too.</param>
    /// <param name="answer">Where its answer goes.</param>
    /// <param name="read">What was read; its body is the caller's to dispose.</param>
    public async ValueTask ServeReadAsync(PipelineEntry entry, IHeaderDictionary headers, AnswerWriter answer, ReadRequest read)
    {
        // 4
        var (arrival, table, key) = (entry.Arrival, entry.Table, entry.Key);
        var overrides = RequestOverrides.None;
        var error = read.Error ?? RequestOverrides.Read(headers, key, out overrides);
        var route = error is null ? RouteChoice.Find(table, key, read.Scan!.Model, overrides, out error) : null;
        if (error is not null)
        {
            await RejectAsync(answer, arrival, error);
            return;
        }

        var request = new RelayRequest
        {
            Id = arrival.Id,
            Endpoint = read.Endpoint,
            Form = read.Form,
            Chat = read.Chat,
            Dropped = read.Dropped,
            StartedAt = arrival.StartedAt,
            Started = arrival.At,
            Key = key?.Name,
            AnthropicVersion = headers["anthropic-version"] is [{ Length: <= 32 } version] ? version : null,
            AnthropicBeta = headers["anthropic-beta"] is [{ Length: <= 1024 } beta] ? beta : null,
            TraceParent = arrival.TraceParent,
            TraceState = arrival.TraceState,
            ServedAt = arrival.ServedAt,
            Scan = read.Scan!,
            Body = read.Body!,
            Route = route!,
            Limits = table.Config.Limits,
            Answer = answer,
            Time = time,
            TotalAt = arrival.At + route!.Options.Timeouts.Total,
            ClientDeadlineAt = read.DeadlineAt(arrival, overrides.Timeout),
            NoRetry = overrides.NoRetry,
            Tags = overrides.Tags,
            AffinityHash = route.Options.Affinity ? AffinityKey.Of(read.Chat?.Body ?? read.Body!.Memory) : null,
            Sent = RescueRule.MayApply(read.Endpoint, read.Scan!, route) ? new SentAnswer(route.Options.Rescue) : null,
            Waited = read.Waited,
        };
        if (read.Endpoint == EndpointKind.CountTokens && !Array.Exists(route!.Targets, t => t.Wire.CountTokens is not null))
        {
            await TokenCount.SendEstimateAsync(answer, request);
            return;
        }

        answer.Model = request.Scan.Model;
        answer.RequestId = request.Id;
        using (request.Sent)
        {
            await RunAsync(request);
        }
    }

    /// <summary>From the model on: attempts, record, last byte.</summary>
    internal async ValueTask RunAsync(RelayRequest request)
    {
        RelayTracing.Start(request, content.IsCaptured);
        request.Route.Meter.Enter();
        LoopResult outcome;
        try
        {
            // 5
            outcome = await loop.RunAsync(request);
        }
        catch (Exception e) when (e is not BrokenAnswerException)
        {
            // A fault of ours still leaves its record, and the client is told.
            var error = new RelayError(ErrorKind.Internal, $"Relay failed on request {request.Id}. Its log has more.");
            outcome = new(null, new() { End = request.Answer.Started ? AttemptEnd.Broken : AttemptEnd.Failed, Error = error });
            recorder.TellInternal(request.Id, e);
        }
        finally
        {
            request.Route.Meter.Leave();
            request.Speed.Abandon(Monotonic.Now(time));
        }

        // 6
        using var plain = outcome.Result.Plain;
        request.Settled = true;
        var bill = Bill.Of(request.Attempts);
        TellRescue(request, outcome, bill);
        var record = RecordOf.Request(request, outcome, bill, Monotonic.Now(time));
        request.Spans?.Describe(record, outcome.Target);
        var recorded = recorder.CompleteAsync(record, request.Route);
        if (!recorded.IsCompletedSuccessfully)
        {
            // Only the end waits for the sinks; what came before it does not.
            await FlushStreamAsync(request);
            await recorded;
        }

        // 7
        try
        {
            await FinishAsync(request, outcome, bill);
        }
        finally
        {
            RelayTracing.Stop(request);
        }
    }

    private static void TellRescue(RelayRequest request, LoopResult outcome, in Bill bill)
    {
        if (request.Sent is { } sent && (sent.IsBroken || sent.OwesUsage) && outcome.Result.Error is null && request.Scan.IncludeUsage)
        {
            request.Answer.Write(RescueStory.UsageChunk(request, outcome.Target?.Name, bill));
        }
    }

    private static async ValueTask FlushStreamAsync(RelayRequest request)
    {
        try
        {
            if (request.Answer.Started)
            {
                await request.Answer.FlushAsync(request.ClientGone);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left with its answer all but complete; its record is being written.
        }
    }

    private static async ValueTask FinishAsync(RelayRequest request, LoopResult outcome, Bill bill)
    {
        var result = outcome.Result;
        var head = request.HeadFor(outcome.Target, result.Plain?.Response, bill.Cost) with { Usage = bill.Usage, Breaks = request.Sent?.Breaks };
        if (result.Plain is { } plain)
        {
            await request.Answer.SendPlainAsync(head, plain.Body);
        }
        else if (result.Error is not { } error)
        {
            if (request.Scan.Stream)
            {
                await request.Answer.EndStreamAsync(head);
            }
        }
        else if (request.Answer.Started)
        {
            await request.Answer.BreakAsync(error);
        }
        else if (error.Kind != ErrorKind.ClientClosed)
        {
            await request.Answer.SendErrorAsync(head, error);
        }
    }
}
