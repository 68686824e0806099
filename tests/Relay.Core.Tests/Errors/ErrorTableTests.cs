using System.Text.RegularExpressions;
using Relay.Core.Breaker;
using Relay.Core.Errors;

namespace Relay.Core.Tests.Errors;

public partial class ErrorTableTests
{
    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    private static IEnumerable<ErrorRow> Faults => ErrorTable.All.Where(row => row.Kind != ErrorKind.None);

    [Fact]
    public void Every_kind_has_exactly_one_row_in_order()
    {
        Assert.Equal(Enum.GetValues<ErrorKind>(), ErrorTable.All.Select(row => row.Kind));
        Assert.Equal(ErrorTable.All.Count, ErrorTable.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Kind_finds_its_own_row_and_label(ErrorKind kind)
    {
        Assert.Equal(kind, ErrorTable.Of(kind).Kind);
        Assert.Equal(ErrorTable.Of(kind).Label, kind.Label());
        Assert.Equal((int)kind, ErrorTable.All.Select(row => row.Kind).ToList().IndexOf(kind));
    }

    [Fact]
    public void Value_outside_the_enumeration_is_refused()
    {
        Assert.Throws<IndexOutOfRangeException>(() => ErrorTable.Of((ErrorKind)ErrorTable.Count));
        Assert.Throws<IndexOutOfRangeException>(() => ((ErrorKind)(-1)).Label());
    }

    [Fact]
    public void Labels_are_the_names_in_snake_case_and_unique()
    {
        Assert.All(ErrorTable.All, row => Assert.Equal(WordStart().Replace(row.Kind.ToString(), "_$0").ToLowerInvariant(), row.Label));
        Assert.All(ErrorTable.All, row => Assert.Matches("^[a-z]+(_[a-z]+)*$", row.Label));
        Assert.Distinct(ErrorTable.All.Select(row => row.Label));
    }

    [Fact]
    public void Nothing_wrong_is_a_success() =>
        Assert.Equal(new(ErrorKind.None, "none", FaultDomain.None, 200, "", "", 0, false, false, Verdict.Success, false), ErrorTable.Of(ErrorKind.None));

    [Fact]
    public void Faults_have_an_error_status_of_http_and_of_grpc()
    {
        Assert.All(Faults, row => Assert.InRange(row.HttpStatus, 400, 599));
        Assert.All(Faults, row => Assert.InRange(row.GrpcStatus, 1, 16));
        Assert.Equal([ErrorKind.ClientClosed], Faults.Where(row => row.HttpStatus == 499).Select(row => row.Kind));
    }

    [Fact]
    public void Statuses_of_http_and_grpc_tell_the_same_story() =>
        Assert.All(Faults, row => Assert.Contains(row.GrpcStatus, row.HttpStatus switch
        {
            400 => [3],
            401 => [16],
            403 => [7],
            404 => [5],
            413 or 429 => [8],
            499 => [1],
            500 => [13],
            502 or 503 => [14],
            504 => [4],
            _ => Array.Empty<int>(),
        }));

    [Fact]
    public void Types_and_codes_are_words_of_the_api_and_codes_are_unique()
    {
        string[] types = ["invalid_request_error", "rate_limit_error", "insufficient_quota", "overloaded_error", "timeout_error", "api_error", "server_error"];
        Assert.All(Faults, row => Assert.Contains(row.OpenAiType, types));
        Assert.All(Faults, row => Assert.Matches("^[a-z]+(_[a-z]+)*$", row.OpenAiCode));
        Assert.Distinct(Faults.Select(row => row.OpenAiCode));
    }

    [Fact]
    public void Domains_are_those_of_the_design()
    {
        Assert.Equal("invalid_request authentication permission unknown_model context_length content_policy too_large client_closed client_deadline", Of(FaultDomain.Caller));
        Assert.Equal("rate_limited budget_exhausted overloaded", Of(FaultDomain.Policy));
        Assert.Equal(
            "provider_rate_limited provider_quota provider_auth provider_not_found provider_error provider_overloaded connect_failed tls connection_reset first_token_timeout idle_timeout total_timeout malformed truncated",
            Of(FaultDomain.Provider));
        Assert.Equal("internal", Of(FaultDomain.Gateway));
        Assert.Equal("none", Of(FaultDomain.None));

        static string Of(FaultDomain domain) => string.Join(' ', ErrorTable.All.Where(row => row.Domain == domain).Select(row => row.Label));
    }

    [Fact]
    public void Callers_faults_are_neutral_never_retried_and_burn_nothing() =>
        Assert.All(Faults.Where(row => row.Domain == FaultDomain.Caller), row =>
            Assert.Equal((Verdict.Neutral, false, false), (row.Verdict, row.RetrySameTarget, row.BurnsSlo)));

    [Fact]
    public void Of_the_callers_faults_only_context_length_fails_over() =>
        Assert.Equal([ErrorKind.ContextLength], Faults.Where(row => row.Domain == FaultDomain.Caller && row.FailOver).Select(row => row.Kind));

    [Fact]
    public void Relays_own_limits_and_faults_never_reach_or_blame_a_target() =>
        Assert.All(Faults.Where(row => row.Domain is FaultDomain.Policy or FaultDomain.Gateway), row =>
            Assert.Equal((Verdict.Neutral, false, false), (row.Verdict, row.RetrySameTarget, row.FailOver)));

    [Fact]
    public void Limits_of_a_key_burn_nothing_but_shedding_does()
    {
        Assert.False(ErrorTable.Of(ErrorKind.RateLimited).BurnsSlo);
        Assert.False(ErrorTable.Of(ErrorKind.BudgetExhausted).BurnsSlo);
        Assert.True(ErrorTable.Of(ErrorKind.Overloaded).BurnsSlo);
        Assert.True(ErrorTable.Of(ErrorKind.Internal).BurnsSlo);
    }

    [Fact]
    public void Providers_faults_fail_over_and_burn_the_objective() =>
        Assert.All(Faults.Where(row => row.Domain == FaultDomain.Provider), row => Assert.True(row is { FailOver: true, BurnsSlo: true, HttpStatus: 429 or >= 502 }));

    [Fact]
    public void Providers_faults_are_failures_except_its_rate_limit() =>
        Assert.Equal([ErrorKind.ProviderRateLimited], Faults.Where(row => row.Domain == FaultDomain.Provider && row.Verdict != Verdict.Failure).Select(row => row.Kind));

    [Fact]
    public void Only_the_providers_fault_is_a_failure_and_no_fault_is_a_success() =>
        Assert.All(Faults, row => Assert.True(row.Verdict == Verdict.Neutral || (row is { Verdict: Verdict.Failure, Domain: FaultDomain.Provider })));

    [Fact]
    public void Nothing_is_retried_that_does_not_fail_over() =>
        Assert.All(Faults.Where(row => row.RetrySameTarget), row => Assert.True(row.FailOver));

    [Fact]
    public void What_another_try_cannot_mend_is_not_retried() =>
        Assert.Equal(
            [ErrorKind.ProviderRateLimited, ErrorKind.ProviderError, ErrorKind.ProviderOverloaded, ErrorKind.ConnectFailed, ErrorKind.ConnectionReset, ErrorKind.Malformed, ErrorKind.Truncated],
            Faults.Where(row => row.RetrySameTarget).Select(row => row.Kind));

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex WordStart();
}
