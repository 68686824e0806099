namespace Relay.Simulator.Tests;

public class FaultTextTests
{
    [Theory]
    [InlineData("status=503")]
    [InlineData("status=429,retry-after=2,times=1")]
    [InlineData("status=429,retry-after-ms=1500")]
    [InlineData("status=429,retry-after-date=+5s")]
    [InlineData("status=400,code=context_length_exceeded")]
    [InlineData("reset,probability=0.3")]
    [InlineData("unauthorized,times=2,key=sk-one")]
    [InlineData("silence=120s")]
    [InlineData("silence")]
    [InlineData("headers-then-silence=20s,end=clean")]
    [InlineData("cut-after=40,end=clean")]
    [InlineData("stall-after=20,for=30s,end=continue")]
    [InlineData("malformed-event-after=10")]
    [InlineData("no-done")]
    [InlineData("usage-on-choices")]
    [InlineData("no-usage")]
    [InlineData("error-in-stream-after=0,code=server_error,type=server_error")]
    [InlineData("slow=4")]
    [InlineData("slow=1.5")]
    [InlineData("first-token=1500ms")]
    [InlineData("status=503,flap=3/5")]
    [InlineData("truncated-body,after=3")]
    [InlineData("bad-json-body,window=30s")]
    [InlineData("no-prefill")]
    [InlineData("empty-choices")]
    [InlineData("html")]
    [InlineData("unauthorized")]
    [InlineData("quota")]
    [InlineData("huge-line=2000000,words=3")]
    [InlineData("role-only")]
    [InlineData("overloaded,times=2")]
    [InlineData("refusal-after=5")]
    [InlineData("no-finish")]
    [InlineData("limit-reached,limit-reset=20s,times=1")]
    [InlineData("status=429,retry-after=2,limit-reset=20s")]
    [InlineData("error-in-stream-after=3,code=server_error,raw,times=1")]
    public void Parse_Canonical_FormatsBackToItself(string text)
    {
        var fault = Fault.Parse(text);
        Assert.Equal(text, fault.ToString());
        Assert.Equal(fault, Fault.Parse(fault.ToString()));
    }

    [Theory]
    [InlineData("flap=3/5", "status=503,flap=3/5")]
    [InlineData("flap=3/5,status=500", "status=500,flap=3/5")]
    [InlineData("status=503, for=30s", "status=503,window=30s")]
    [InlineData("huge-line", "huge-line=1572864")]
    [InlineData("silence=2m", "silence=120s")]
    [InlineData("cut-after=4,end=abort", "cut-after=4")]
    public void Parse_OtherSpelling_HasOneCanonicalForm(string text, string canonical) => Assert.Equal(canonical, Fault.Parse(text).ToString());

    [Theory]
    [InlineData("nope", "there is no fault 'nope'")]
    [InlineData("nope", "cut-after")]
    [InlineData("reset,sometimes=3", "reset knows no 'sometimes'")]
    [InlineData("reset=4", "takes no value")]
    [InlineData("status", "status needs a value")]
    [InlineData("status=200", "400 to 599")]
    [InlineData("cut-after=x", "whole number")]
    [InlineData("cut-after=4,end=continue", "abort, clean")]
    [InlineData("first-token=20", "20s")]
    [InlineData("flap=3", "BAD/GOOD")]
    [InlineData("reset,html", "several faults")]
    [InlineData("error-in-stream-after=3,raw=1", "raw takes no value")]
    [InlineData("cut-after=3,raw", "cut-after knows no 'raw'")]
    [InlineData("reset,times=1,times=2", "twice")]
    [InlineData("reset,probability=2", "0 to 1")]
    [InlineData("", "there is no fault")]
    public void Parse_Wrong_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(Fault.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_EveryKind_HasItsRowInOrder() =>
        Assert.Equal(Enum.GetValues<FaultKind>().Length, Enum.GetValues<FaultKind>().Count(k => Fault.Parse(Sample(k)).Kind == k));

    private static string Sample(FaultKind kind)
    {
        // CutAfter -> cut-after; those that need a value get one that fits them all.
        var name = string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
        return kind switch { FaultKind.Status => "status=500", FaultKind.FirstToken => "first-token=1s", FaultKind.Slow => "slow=2", _ when name.EndsWith("after", StringComparison.Ordinal) => name + "=1", _ => name };
    }
}
