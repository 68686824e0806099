using Relay.Core.Errors;

namespace Relay.Core.Tests.Errors;

/// <summary>docs/errors.md and the table in the code say the same, cell by cell.</summary>
public class ErrorPageTests
{
    private const int MeaningColumn = 2;

    // https://grpc.github.io/grpc/core/md_doc_statuscodes.html, by number.
    private static readonly string[] GrpcNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    [Fact]
    public void Page_and_code_say_the_same() => Assert.Empty(Differences(ErrorPage.Read()));

    [Fact]
    public void Every_kind_has_a_meaning_of_its_own()
    {
        var meanings = ErrorPage.Rows(ErrorPage.Read()).Select(row => row[MeaningColumn]).ToList();
        Assert.All(meanings, meaning => Assert.EndsWith(".", meaning, StringComparison.Ordinal));
        Assert.Distinct(meanings);
    }

    [Fact]
    public void Planted_difference_in_any_cell_is_caught()
    {
        var page = ErrorPage.Read();
        foreach (var row in ErrorPage.Rows(page))
        {
            var line = string.Join(" | ", row);
            Assert.Contains(line, page, StringComparison.Ordinal);
            for (var cell = 0; cell < row.Length; cell++)
            {
                if (cell != MeaningColumn)
                {
                    string[] changed = [.. row];
                    changed[cell] += "x";
                    Assert.NotEmpty(Differences(page.Replace(line, string.Join(" | ", changed), StringComparison.Ordinal)));
                }
            }
        }
    }

    [Fact]
    public void Planted_missing_doubled_and_swapped_rows_are_caught()
    {
        var page = ErrorPage.Read();
        var lines = page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line + "\n").ToList();
        Assert.Equal(ErrorTable.Count, lines.Count);
        Assert.NotEmpty(Differences(page.Replace(lines[3], "", StringComparison.Ordinal)));
        Assert.NotEmpty(Differences(page.Replace(lines[^1], "", StringComparison.Ordinal)));
        Assert.NotEmpty(Differences(page.Replace(lines[3], lines[3] + lines[3], StringComparison.Ordinal)));
        Assert.NotEmpty(Differences(page.Replace(lines[3] + lines[4], lines[4] + lines[3], StringComparison.Ordinal)));
        Assert.NotEmpty(Differences(page + "| `new_kind` | caller | Not in the code. | 400 | - | - | OK | no | no | neutral | no |\n"));
    }

    /// <summary>What is in the page and not in the code, and the other way round; empty when both agree in the same order.</summary>
    private static List<string> Differences(string page)
    {
        var written = ErrorPage.Rows(page).Select(row => string.Join(" | ", row.Where((_, column) => column != MeaningColumn))).ToList();
        var meant = ErrorTable.All.Select(row => string.Join(" | ", Cells(row))).ToList();
        var differences = meant.Except(written).Select(row => "missing in docs/errors.md: " + row)
            .Concat(written.Except(meant).Select(row => "not in ErrorTable: " + row))
            .ToList();
        if (differences.Count == 0 && !written.SequenceEqual(meant))
        {
            differences.Add("the rows of docs/errors.md are doubled or not in the order of ErrorKind");
        }

        return differences;
    }

    private static string[] Cells(ErrorRow row) =>
    [
        Code(row.Label),
        row.Domain.ToString().ToLowerInvariant(),
        row.HttpStatus.ToString(),
        Code(row.OpenAiType),
        Code(row.OpenAiCode),
        GrpcNames[row.GrpcStatus],
        YesNo(row.RetrySameTarget),
        YesNo(row.FailOver),
        row.Verdict.ToString().ToLowerInvariant(),
        YesNo(row.BurnsSlo),
    ];

    private static string Code(string text) => text.Length == 0 ? "-" : $"`{text}`";

    private static string YesNo(bool value) => value ? "yes" : "no";
}
