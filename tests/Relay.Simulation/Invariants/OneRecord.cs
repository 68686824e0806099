namespace Relay.Simulation.Invariants;

/// <summary>Records are neither lost nor doubled.</summary>
internal sealed class OneRecord(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning => "An admitted request leaves exactly one record, whatever becomes of it; one that was turned away leaves none.";

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        var expected = book.IsRejected ? 0 : 1;
        Must(book.Records.Count == expected, $"{book.Records.Count} records in place of {expected}", book);
    }

    /// <inheritdoc/>
    public override void GatewaysAreStopped()
    {
        foreach (var book in World.Referee.Books)
        {
            Must(book.Records.Count <= 1, $"{book.Records.Count} records", book);
        }
    }
}
