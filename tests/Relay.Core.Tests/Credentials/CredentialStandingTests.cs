using Relay.Core.Credentials;
using Relay.Core.Errors;

namespace Relay.Core.Tests.Credentials;

public sealed class CredentialStandingTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly CredentialStanding _standing = new(Start);

    [Theory]
    [InlineData(CredentialOutcome.Refused)]
    [InlineData(CredentialOutcome.NoQuota)]
    public void Refused_IsOutUntilOneRequestTriesIt(CredentialOutcome outcome)
    {
        Assert.True(Record(_standing.Use(), outcome, Start));

        Assert.Equal(new(CredentialState.Out, outcome, Start, Start + Minute), _standing.Snapshot(Start));
        Assert.False(_standing.TryProbe(Start + Minute - TimeSpan.FromTicks(1), Lease, out _));
        Assert.True(_standing.TryProbe(Start + Minute, Lease, out var probe));
        Assert.True(probe.IsProbe);
        Assert.False(_standing.TryProbe(Start + Minute, Lease, out _));
        Assert.Equal(TimeSpan.MaxValue, _standing.ReadyAt);
        Assert.True(Record(probe, CredentialOutcome.Accepted, Start + Minute));
        Assert.Equal(CredentialState.Ready, _standing.Snapshot(Start + Minute).State);
        Assert.True(_standing.ReadyAt <= Start + Minute);
    }

    [Theory]
    [InlineData(CredentialOutcome.Refused, 60)]
    [InlineData(CredentialOutcome.NoQuota, 60)]
    [InlineData(CredentialOutcome.Unclear, 60)]
    [InlineData(CredentialOutcome.Unheard, 0)]
    public void ProbeThatDoesNotBringItBack_IsRepeatedAfter(CredentialOutcome outcome, int seconds)
    {
        var at = Start + Minute;
        Record(_standing.Use(), CredentialOutcome.Refused, Start);
        _standing.TryProbe(at, Lease, out var probe);

        Assert.False(Record(probe, outcome, at));

        Assert.True(_standing.IsOut);
        Assert.Equal(at + TimeSpan.FromSeconds(seconds), _standing.TryAt);
    }

    [Fact]
    public void ProbeThatIsNeverHeardOfAgain_IsReplacedAfterItsLease()
    {
        Record(_standing.Use(), CredentialOutcome.Refused, Start);
        Assert.True(_standing.TryProbe(Start + Minute, Lease, out _));

        Assert.False(_standing.TryProbe(Start + Minute + Lease - TimeSpan.FromTicks(1), Lease, out _));
        Assert.True(_standing.TryProbe(Start + Minute + Lease, Lease, out _));
    }

    [Fact]
    public void WhatWasSentBefore_NeitherBringsItBackNorTakesItOutAgain()
    {
        var (first, success, late) = (_standing.Use(), _standing.Use(), _standing.Use());
        Record(first, CredentialOutcome.Refused, Start);

        Assert.False(Record(success, CredentialOutcome.Accepted, Start));
        Assert.True(_standing.IsOut);

        _standing.TryProbe(Start + Minute, Lease, out var probe);
        Record(probe, CredentialOutcome.Accepted, Start + Minute);
        Assert.False(Record(late, CredentialOutcome.Refused, Start + Minute));
        Assert.False(_standing.IsOut);
    }

    [Fact]
    public void UsedWhileOut_BecauseNoneIsLeft_AndAccepted_IsBack()
    {
        Record(_standing.Use(), CredentialOutcome.NoQuota, Start);

        Assert.True(Record(_standing.Use(), CredentialOutcome.Accepted, Start));

        Assert.False(_standing.IsOut);
    }

    [Theory]
    [InlineData(20.0, 20.0)]
    [InlineData(0.25, 0.25)]
    [InlineData(600.0, 60.0)]
    [InlineData(0.0, 1.0)]
    [InlineData(null, 1.0)]
    public void Limited_RestsUntilTheResetButNoLongerThanAMinute(double? asked, double rests)
    {
        Record(_standing.Use(), CredentialOutcome.Limited, Start, asked is { } s ? TimeSpan.FromSeconds(s) : null);

        var until = Start + TimeSpan.FromSeconds(rests);
        Assert.Equal(until, _standing.ReadyAt);
        Assert.Equal(new(CredentialState.Resting, CredentialOutcome.Limited, Start, until), _standing.Snapshot(until - TimeSpan.FromTicks(1)));
        Assert.Equal(CredentialState.Ready, _standing.Snapshot(until).State);
        Assert.False(_standing.IsOut);
    }

    [Fact]
    public void LimitedAgain_RestsUntilTheLaterEnd()
    {
        Record(_standing.Use(), CredentialOutcome.Limited, Start, TimeSpan.FromSeconds(20));
        Record(_standing.Use(), CredentialOutcome.Limited, Start + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

        Assert.Equal(Start + TimeSpan.FromSeconds(20), _standing.ReadyAt);
        Assert.Equal(Start, _standing.Snapshot(Start + TimeSpan.FromSeconds(2)).Since);
    }

    [Fact]
    public void ProbeThatIsLimited_BringsItBackToRest()
    {
        Record(_standing.Use(), CredentialOutcome.Refused, Start);
        _standing.TryProbe(Start + Minute, Lease, out var probe);

        Assert.True(Record(probe, CredentialOutcome.Limited, Start + Minute, TimeSpan.FromSeconds(5)));

        Assert.Equal(CredentialState.Resting, _standing.Snapshot(Start + Minute).State);
        Assert.Equal(Start + Minute + TimeSpan.FromSeconds(5), _standing.ReadyAt);
    }

    [Theory]
    [InlineData(ErrorKind.None, 200, CredentialOutcome.Accepted)]
    [InlineData(ErrorKind.ProviderAuth, 401, CredentialOutcome.Refused)]
    [InlineData(ErrorKind.ProviderAuth, 403, CredentialOutcome.Refused)]
    [InlineData(ErrorKind.ProviderAuth, 200, CredentialOutcome.Refused)]
    [InlineData(ErrorKind.ProviderQuota, 429, CredentialOutcome.NoQuota)]
    [InlineData(ErrorKind.ProviderRateLimited, 429, CredentialOutcome.Limited)]
    [InlineData(ErrorKind.InvalidRequest, 400, CredentialOutcome.Accepted)]
    [InlineData(ErrorKind.ContextLength, 400, CredentialOutcome.Accepted)]
    [InlineData(ErrorKind.Truncated, 200, CredentialOutcome.Accepted)]
    [InlineData(ErrorKind.ProviderNotFound, 404, CredentialOutcome.Unclear)]
    [InlineData(ErrorKind.ProviderError, 500, CredentialOutcome.Unclear)]
    [InlineData(ErrorKind.ProviderOverloaded, 503, CredentialOutcome.Unclear)]
    [InlineData(ErrorKind.FirstTokenTimeout, 0, CredentialOutcome.Unclear)]
    [InlineData(ErrorKind.ConnectFailed, 0, CredentialOutcome.Unclear)]
    [InlineData(ErrorKind.ClientClosed, 0, CredentialOutcome.Unheard)]
    [InlineData(ErrorKind.ClientDeadline, 0, CredentialOutcome.Unheard)]
    [InlineData(ErrorKind.Internal, 0, CredentialOutcome.Unheard)]
    public void EndOfAnAttempt_Says(ErrorKind error, int status, CredentialOutcome outcome)
    {
        Assert.Equal(outcome, CredentialOutcomes.Of(error, status));
        Assert.Equal(outcome is CredentialOutcome.Limited or CredentialOutcome.Refused or CredentialOutcome.NoQuota, outcome.IsItsOwn());
    }

    private bool Record(CredentialUse use, CredentialOutcome outcome, TimeSpan now, TimeSpan? rest = null) =>
        _standing.Record(use, outcome, rest, Minute, now);
}
