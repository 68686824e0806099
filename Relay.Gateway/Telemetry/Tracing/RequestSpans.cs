using System.Diagnostics;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Recording;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Content;

namespace Relay.Gateway.Telemetry.Tracing;

/// <summary>The spans of one request that is sampled: its own and that of the attempt under way. One thread at a time, like the request.</summary>
internal sealed class RequestSpans
{
    private readonly Activity _span;
    private readonly RelayRequest _request;
    private readonly OutputCapture? _output;
    private AnswerDetails _details = new();
    private DateTimeOffset _attemptAt;

    /// <summary>Describes the request in its span.</summary>
    public RequestSpans(Activity span, RelayRequest request, bool capturesContent)
    {
        _span = span;
        _request = request;
        _output = capturesContent && request.Endpoint == EndpointKind.Chat ? new() : null;
        span.SetTag(GenAi.OperationName, GenAi.OperationOf(request.Endpoint));
        span.SetTag(GenAi.RequestModel, request.Scan.Model);
        span.SetTag(GenAi.RequestId, request.Id);
        span.SetTag(GenAi.Model, request.Route.Name);
        span.SetTag(GenAi.Key, request.Key);
        if (request.ServedAt is { } endpoint)
        {
            span.SetTag(GenAi.ServerAddress, endpoint.Address.ToString());
            span.SetTag(GenAi.ServerPort, endpoint.Port);
        }

        RequestParameters.Set(span, request);
        foreach (var (name, value) in request.Tags)
        {
            span.SetTag(GenAi.TagPrefix + name, value);
        }
    }

    /// <summary>The span of the attempt under way; null between attempts.</summary>
    public Activity? Attempt { get; private set; }

    /// <summary>An attempt starts; the request's span tells when it is one at another target than before.</summary>
    public void StartAttempt(UpstreamTarget target)
    {
        _attemptAt = _request.Time.GetUtcNow();
        _details = new();
        if (_request.Attempts is [.., var before] && before.Target != target.Name)
        {
            _span.AddEvent(new(_request.IsRescue ? GenAi.RescueEvent : GenAi.FailoverEvent, _attemptAt, new()
            {
                [GenAi.From] = before.Target,
                [GenAi.To] = target.Name,
                [GenAi.ErrorType] = before.Error.Label(),
            }));
        }

        if (!_request.IsRescue)
        {
            _output?.Restart();
        }

        Attempt = RelayTracing.StartAttempt(target.Tags.SpanOf(_request.Endpoint), _span, _attemptAt);
        if (Attempt is { } span)
        {
            span.SetTag(GenAi.OperationName, GenAi.OperationOf(_request.Endpoint));
            span.SetTag(GenAi.ProviderName, target.Tags.Provider);
            span.SetTag(GenAi.RequestModel, target.Options.UpstreamModel);
            span.SetTag(GenAi.ServerAddress, target.Tags.Address);
            span.SetTag(GenAi.ServerPort, target.Tags.Port);
            span.SetTag(GenAi.Target, target.Name);
            span.SetTag(GenAi.Attempt, _request.Attempts.Count + 1);
            if (_request.Scan.Stream)
            {
                span.SetTag(GenAi.RequestStream, true);
            }
        }
    }

    /// <summary>A chunk or event of a stream was read.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="scan">What was found in it; so changed that every chunk comes here where the answer is captured.</param>
    public void See(ReadOnlySpan<byte> data, ref ChunkScan scan)
    {
        if (!scan.Valid || scan.IsEnd)
        {
            return;
        }

        if (_details.Id is null || scan.Finished != 0)
        {
            _details.Read(data);
        }

        if (_output is not null)
        {
            _output.Add(data);
            scan.TextLength = 0;
        }
    }

    /// <summary>A plain answer was read.</summary>
    public void See(ReadOnlySpan<byte> answer)
    {
        _details.Read(answer);
        _output?.Add(answer);
    }

    /// <summary>The attempt was none: nothing was sent.</summary>
    public void DropAttempt()
    {
        if (Attempt is { } span)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            EndAttempt();
        }
    }

    /// <summary>The attempt ended.</summary>
    public void EndAttempt(in AttemptRecord attempt)
    {
        if (Attempt is not { } span)
        {
            return;
        }

        SetAnswer(span);
        SpanTags.SetUsage(span, attempt.Usage, attempt.Cost);
        if (attempt.HttpStatus != 0)
        {
            span.SetTag(GenAi.HttpStatus, attempt.HttpStatus);
        }

        if (attempt.FirstToken is { } first)
        {
            span.SetTag(GenAi.ResponseTimeToFirstChunk, first.TotalSeconds);
            span.AddEvent(new(GenAi.FirstTokenEvent, _attemptAt + first));
        }

        SpanTags.SetFlag(span, GenAi.IsRetry, attempt.IsRetry);
        SpanTags.SetFlag(span, GenAi.IsRescue, attempt.IsRescue);
        SpanTags.SetFlag(span, GenAi.IsSlow, attempt.IsSlow);
        span.SetTag(GenAi.Credential, attempt.Credential);
        if (attempt.Error != ErrorKind.None)
        {
            span.SetTag(GenAi.ErrorType, attempt.Error.Label());
            span.SetStatus(ActivityStatusCode.Error);
        }

        EndAttempt();
    }

    /// <summary>Ends the span of an attempt that is still under way.</summary>
    public void EndAttempt()
    {
        if (Attempt is { } span)
        {
            Attempt = null;
            span.SetEndTime(_request.Time.GetUtcNow().UtcDateTime);
            span.Stop();
        }
    }

    /// <summary>Tells in the request's span how it ended.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="target">The target that answered or was tried last; null when none was.</param>
    public void Describe(RequestRecord record, UpstreamTarget? target)
    {
        _span.SetTag(GenAi.ProviderName, (target ?? _request.Route.Targets[0]).Tags.Provider);
        SetAnswer(_span);
        SpanTags.SetUsage(_span, record.Usage, record.Cost);
        _span.SetTag(GenAi.HttpStatus, record.HttpStatus);
        _span.SetTag(GenAi.Endpoint, record.Endpoint);
        _span.SetTag(GenAi.Target, record.Target);
        _span.SetTag(GenAi.Attempts, record.Attempts.Count);
        _span.SetTag(GenAi.OverheadMs, record.Overhead.TotalMilliseconds);
        SpanTags.SetFlag(_span, GenAi.Rescued, record.Rescued);
        if (record.FirstToken is { } first)
        {
            _span.AddEvent(new(GenAi.FirstTokenEvent, record.StartedAt + first));
        }

        if (record.Error != ErrorKind.None)
        {
            _span.SetTag(GenAi.ErrorType, record.Error.Label());
            _span.SetStatus(ErrorTable.Of(record.Error).BurnsSlo ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    /// <summary>Adds what was asked and answered, where that is switched on. After the answer: it may have to be translated.</summary>
    public void AddContent()
    {
        if (_output is not null)
        {
            ContentTags.Set(_span, _request, _output);
        }
    }

    private void SetAnswer(Activity span)
    {
        span.SetTag(GenAi.ResponseId, _details.Id);
        span.SetTag(GenAi.ResponseModel, _details.Model);
        span.SetTag(GenAi.ResponseFinishReasons, _details.FinishReasons);
    }
}
