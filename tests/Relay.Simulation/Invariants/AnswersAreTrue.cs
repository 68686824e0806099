using Relay.Simulation.Client;

namespace Relay.Simulation.Invariants;

/// <summary>Never a lie.</summary>
internal sealed class AnswersAreTrue(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "An answer that ends well is the exact, whole one, with one finish_reason for each choice, one id and one model; what any other client has is the beginning of the right answer, and its end says that it is an error.";

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        var (client, seen) = (book.Client, book.Seen());
        switch (client.Outcome)
        {
            case Outcome.Answered:
                CheckWhole(book, seen);
                break;
            case Outcome.Told:
                Must(client.Bytes.Length > 0 && client.Error!.Status >= 400, "an error without a body or status", book);
                break;
            default:
                CheckPart(book, seen);
                break;
        }
    }

    private void CheckWhole(Book book, SeenAnswer seen)
    {
        var request = book.Request;
        Must(!seen.IsUnreadable && seen.Errors == 0, "an answer that ends well and cannot be read", book);
        for (var choice = 0; choice < request.Choices; choice++)
        {
            Must(seen.Text(choice) == request.Expected(choice), $"choice {choice} is '{Short(seen.Text(choice))}', not '{Short(request.Expected(choice))}'", book);
            Must(seen.Finished.Count(c => c == choice) == 1, $"{seen.Finished.Count(c => c == choice)} finish_reasons of choice {choice}", book);
            Must(seen.Roles.GetValueOrDefault(choice) <= 1, $"{seen.Roles.GetValueOrDefault(choice)} roles of choice {choice}", book);
        }

        Must(seen.Choices == request.Choices, $"{seen.Choices} choices", book);
        Must(seen.Dones == (request.Stream ? 1 : 0), $"{seen.Dones} end marks", book);
        Must(seen.Ids.Count == 1 && seen.Models.Count == 1, $"ids {string.Join(", ", seen.Ids)}, models {string.Join(", ", seen.Models)}", book);
        Must(seen.Usages.Count <= 1, $"{seen.Usages.Count} usages", book);
        if (request is { Stream: true, IncludeUsage: true } && book.Records is [{ Usage: { } billed } record] && (record.Rescued || !billed.Estimated))
        {
            Must(seen.Usages is [var tokens] && tokens == billed.TotalOutput, $"usages {string.Join(", ", seen.Usages)} in place of {billed.TotalOutput}", book);
        }
    }

    private void CheckPart(Book book, SeenAnswer seen)
    {
        var (request, client) = (book.Request, book.Client);
        if (!request.Stream)
        {
            Must(client.Bytes.Length == 0 || book.Client.Head is not null, "bytes without a begin", book);
            return;
        }

        for (var choice = 0; choice < request.Choices; choice++)
        {
            Must(request.Expected(choice).StartsWith(seen.Text(choice), StringComparison.Ordinal), $"choice {choice} begins '{Short(seen.Text(choice))}', not '{Short(request.Expected(choice))}'", book);
        }

        Must(seen.Dones == 0, "a broken answer with an end mark", book);
        var isThere = client.LeftAt is null && !client.WasCutOff;
        Must(!isThere || seen.Errors == 1, $"{seen.Errors} errors in a broken answer", book);
    }

    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..40]}...{text[^40..]} ({text.Length})";
}
