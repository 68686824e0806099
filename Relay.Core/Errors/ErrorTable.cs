using Relay.Core.Breaker;
using static Relay.Core.Errors.ErrorKind;
using static Relay.Core.Errors.FaultDomain;

namespace Relay.Core.Errors;

/// <summary>The one table that drives retries, failover, breakers, status codes, SLOs and metric labels. docs/errors.md is this table; a test holds the two together.</summary>
public static class ErrorTable
{
    private const string Invalid = "invalid_request_error";
    private const string Api = "api_error";

    private const int Cancelled = 1;
    private const int InvalidArgument = 3;
    private const int DeadlineExceeded = 4;
    private const int NotFound = 5;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int InternalError = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    private static readonly ErrorRow[] Table = BuildTable(
    [
        new(ErrorKind.None, "none", FaultDomain.None, 200, "", "", 0, false, false, Verdict.Success, false),

        //   kind             label              domain  http  type     code                       grpc               retry  failover verdict         SLO
        new(InvalidRequest, "invalid_request", Caller, 400, Invalid, "invalid_request", InvalidArgument, false, false, Verdict.Neutral, false),
        new(Authentication, "authentication", Caller, 401, Invalid, "invalid_api_key", Unauthenticated, false, false, Verdict.Neutral, false),
        new(Permission, "permission", Caller, 403, Invalid, "permission_denied", PermissionDenied, false, false, Verdict.Neutral, false),
        new(UnknownModel, "unknown_model", Caller, 404, Invalid, "model_not_found", NotFound, false, false, Verdict.Neutral, false),
        new(ContextLength, "context_length", Caller, 400, Invalid, "context_length_exceeded", InvalidArgument, false, true, Verdict.Neutral, false),
        new(ContentPolicy, "content_policy", Caller, 400, Invalid, "content_policy_violation", InvalidArgument, false, false, Verdict.Neutral, false),
        new(TooLarge, "too_large", Caller, 413, Invalid, "request_too_large", ResourceExhausted, false, false, Verdict.Neutral, false),
        new(ClientClosed, "client_closed", Caller, 499, Invalid, "client_closed_request", Cancelled, false, false, Verdict.Neutral, false),
        new(ClientDeadline, "client_deadline", Caller, 504, "timeout_error", "client_deadline_exceeded", DeadlineExceeded, false, false, Verdict.Neutral, false),

        new(RateLimited, "rate_limited", Policy, 429, "rate_limit_error", "rate_limit_exceeded", ResourceExhausted, false, false, Verdict.Neutral, false),
        new(BudgetExhausted, "budget_exhausted", Policy, 429, "insufficient_quota", "budget_exhausted", ResourceExhausted, false, false, Verdict.Neutral, false),
        new(Overloaded, "overloaded", Policy, 503, "overloaded_error", "overloaded", Unavailable, false, false, Verdict.Neutral, true),

        new(ProviderRateLimited, "provider_rate_limited", Provider, 429, "rate_limit_error", "provider_rate_limited", ResourceExhausted, true, true, Verdict.Neutral, true),
        new(ProviderQuota, "provider_quota", Provider, 502, Api, "provider_quota", Unavailable, false, true, Verdict.Failure, true),
        new(ProviderAuth, "provider_auth", Provider, 502, Api, "provider_auth", Unavailable, false, true, Verdict.Failure, true),
        new(ProviderNotFound, "provider_not_found", Provider, 502, Api, "provider_not_found", Unavailable, false, true, Verdict.Failure, true),
        new(ProviderError, "provider_error", Provider, 502, Api, "provider_error", Unavailable, true, true, Verdict.Failure, true),
        new(ProviderOverloaded, "provider_overloaded", Provider, 503, "overloaded_error", "provider_overloaded", Unavailable, true, true, Verdict.Failure, true),
        new(ConnectFailed, "connect_failed", Provider, 502, Api, "connect_failed", Unavailable, true, true, Verdict.Failure, true),
        new(Tls, "tls", Provider, 502, Api, "tls", Unavailable, false, true, Verdict.Failure, true),
        new(ConnectionReset, "connection_reset", Provider, 502, Api, "connection_reset", Unavailable, true, true, Verdict.Failure, true),
        new(FirstTokenTimeout, "first_token_timeout", Provider, 504, "timeout_error", "first_token_timeout", DeadlineExceeded, false, true, Verdict.Failure, true),
        new(IdleTimeout, "idle_timeout", Provider, 504, "timeout_error", "idle_timeout", DeadlineExceeded, false, true, Verdict.Failure, true),
        new(TotalTimeout, "total_timeout", Provider, 504, "timeout_error", "total_timeout", DeadlineExceeded, false, true, Verdict.Failure, true),
        new(Malformed, "malformed", Provider, 502, Api, "malformed", Unavailable, true, true, Verdict.Failure, true),
        new(Truncated, "truncated", Provider, 502, Api, "truncated", Unavailable, true, true, Verdict.Failure, true),

        new(Internal, "internal", FaultDomain.Gateway, 500, "server_error", "internal", InternalError, false, false, Verdict.Neutral, true),
    ]);

    /// <summary>All rows, in the order of <see cref="ErrorKind"/>.</summary>
    public static IReadOnlyList<ErrorRow> All => Table;

    /// <summary>The number of kinds, <see cref="ErrorKind.None"/> included; sizes counter vectors.</summary>
    public static int Count => Table.Length;

    /// <summary>The row of <paramref name="kind"/>.</summary>
    /// <exception cref="IndexOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static ErrorRow Of(ErrorKind kind) => Table[(int)kind];

    /// <summary>The metric and record label of <paramref name="kind"/>.</summary>
    public static string Label(this ErrorKind kind) => Table[(int)kind].Label;

    private static ErrorRow[] BuildTable(ErrorRow[] rows)
    {
        Array.Sort(rows, static (a, b) => a.Kind.CompareTo(b.Kind));
        return rows;
    }
}
