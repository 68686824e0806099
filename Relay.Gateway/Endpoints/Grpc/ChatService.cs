using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Grpc;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>
/// <c>relay.v1.Chat</c>: typed requests through the pipeline of HTTP.
/// <code><![CDATA[
///   metadata --> 1 key --> 2 admission --> message --> chat completions JSON --> 3 scan --> the pipeline from stage 4 on --> typed answer, or a status
/// ]]></code>
/// </summary>
internal sealed class ChatService(RelayPipeline pipeline, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>The service, to be served.</summary>
    public GrpcService Create() => new GrpcService(ChatReflection.Descriptor.Services[0]) { Around = AroundAsync }
        .Unary<ChatRequest, ChatResponse>("Complete", CompleteAsync)
        .ServerStream<ChatRequest, ChatChunk>("Stream", StreamAsync);

    private async ValueTask AroundAsync(GrpcCall call, Func<ValueTask> next)
    {
        var entry = pipeline.Enter(call.Http, EndpointKind.Chat, out var error);
        var visit = new Visit(entry);
        try
        {
            call.SetHeader(AnswerHeaders.RequestId, entry.Arrival.Id);
            error ??= HeadLimit.Check(call.Http.Request.Headers);
            if (error is not null)
            {
                throw new GrpcException(GrpcErrors.StatusOf(error, attempts: 0));
            }

            call.MaxRequestBytes = (int)Math.Min(entry.Table.Config.Limits.MaxRequestBodyBytes, int.MaxValue);
            call.Http.Features.Set(visit);
            await next();
        }
        catch (GrpcException e) when (!visit.IsRead && e.Status.Kind != ErrorKind.ClientClosed)
        {
            // Refused before the pipeline saw it, so that nobody else counts it.
            metrics.Reject(e.Status.Kind);
            throw;
        }
        finally
        {
            pipeline.Leave(entry);
        }
    }

    private async ValueTask<ChatResponse> CompleteAsync(ChatRequest request, GrpcCall call)
    {
        var answer = new CompleteAnswer(call);
        await ServeAsync(request, isStream: false, call, answer);
        return answer.Response;
    }

    private async ValueTask StreamAsync(ChatRequest request, IGrpcWriter<ChatChunk> writer, GrpcCall call)
    {
        var stall = call.Http.Features.Get<Visit>()!.Entry.Table.Config.Limits.ClientStall;
        var answer = new StreamAnswer(call, writer, stall, time);
        await ServeAsync(request, isStream: true, call, answer);
        answer.ThrowUnlessWhole();
    }

    private async ValueTask ServeAsync(ChatRequest request, bool isStream, GrpcCall call, GrpcAnswer answer)
    {
        var visit = call.Http.Features.Get<Visit>()!;
        visit.IsRead = true;
        var entry = visit.Entry;
        var waited = Monotonic.Now(time) - entry.Arrival.At;

        // 3
        using var body = ChatRequestJson.Write(request, isStream, entry.Table.Config.Limits.MaxRequestBodyBytes, out var error);
        var scan = body is null ? null : RequestScanner.ScanChat(body.Memory.Span, out error);
        var read = new ReadRequest(EndpointKind.Chat, body, scan, error) { Dropped = new DroppedFields(), Waited = waited, Timeout = call.Timeout };
        await pipeline.ServeReadAsync(entry, call.Http.Request.Headers, answer, read);
    }

    /// <summary>What the way in and the handler of a call know together.</summary>
    private sealed class Visit(PipelineEntry entry)
    {
        public PipelineEntry Entry => entry;

        /// <summary>Its request was read.</summary>
        public bool IsRead { get; set; }
    }
}
