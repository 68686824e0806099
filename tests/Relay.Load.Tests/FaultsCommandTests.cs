using Relay.Exam;
using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Load.Cli;
using Relay.Load.Faults;

namespace Relay.Load.Tests;

public class FaultsCommandTests
{
    [Theory]
    [InlineData(null, 16, "F01")]
    [InlineData("F14, F08", 2, "F08")]
    public void Only_ChoosesRows(string? only, int count, string first)
    {
        var rows = FaultsCommand.Chosen(only);
        Assert.Equal((count, first), (rows.Count, rows[0].Id));
    }

    [Fact]
    public void UnknownRow_IsRefused() => Assert.Contains("F17", Assert.Throws<UsageException>(() => FaultsCommand.Chosen("F01,F17")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task UnknownDialect_IsRefused() =>
        await Assert.ThrowsAsync<UsageException>(() => FaultsCommand.RunAsync(Arguments.Read(["faults", "--fallback", "klingon"]), CancellationToken.None));

    [Fact]
    public void Scorecard_CountsWhatPassedAndSaysWhatDidNot()
    {
        var text = Scorecard.Text([Result("F03"), Result("F08", "the text differs")]);

        Assert.Contains("| F03 | 500 once |", text, StringComparison.Ordinal);
        Assert.Contains("- F08: the text differs\n**1 of 2**\n", text, StringComparison.Ordinal);
    }

    private static ExamResult Result(string row, params string[] wrong)
    {
        var findings = new Findings();
        foreach (var one in wrong)
        {
            findings.Must(false, one);
        }

        var sitting = new Sitting("text", [new StreamedAnswer { Status = 200, Text = "text" }], [], [], [], "", null);
        return new(FaultExam.Find(row), sitting, findings, TimeSpan.FromSeconds(1));
    }
}
