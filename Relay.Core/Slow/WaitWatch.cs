namespace Relay.Core.Slow;

/// <summary>
/// Keeps an eye on a few of the attempts that wait for their first token, so that a target that fell silent is noticed while they wait
/// and not when their limits are hit. Not thread-safe.
/// </summary>
internal sealed class WaitWatch
{
    /// <summary>Attempts watched at once. More wait unwatched: they are judged when they end.</summary>
    public const int Size = 8;

    /// <summary>Numbers no place.</summary>
    public const int None = -1;

    /// <summary>A place whose attempt never left it is given to another after this.</summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromHours(1);

    private readonly Place[] _places = new Place[Size];

    /// <summary>Watches an attempt, unless all places are taken.</summary>
    public void Add(ref SlowTicket ticket)
    {
        for (var i = 0; i < Size; i++)
        {
            if (!_places[i].Taken || ticket.Since - _places[i].Since > LostAfter)
            {
                _places[i] = new(true, false, ticket.Class, ticket.Max, ticket.Period, ticket.Since);
                ticket.Watch = i;
                return;
            }
        }
    }

    /// <summary>The attempt waits no longer. True when it was found to wait too long before.</summary>
    public bool Remove(ref SlowTicket ticket)
    {
        var place = ticket.Watch;
        ticket.Watch = None;
        if (place == None || _places[place].Since != ticket.Since)
        {
            return false;
        }

        var told = _places[place].Told;
        _places[place] = default;
        return told;
    }

    /// <summary>Finds one that waits longer than it should and was not found before.</summary>
    /// <param name="usual">What it should.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="period">The period that it entered in.</param>
    public bool TakeOverdue(BaselineSet usual, TimeSpan now, out long period)
    {
        for (var i = 0; i < Size; i++)
        {
            ref var place = ref _places[i];
            var waited = now - place.Since;
            if (place.Taken && !place.Told && (waited > place.Max || waited > usual.FirstTokenLimit(place.Class)))
            {
                place = place with { Told = true };
                period = place.Period;
                return true;
            }
        }

        period = 0;
        return false;
    }

    private readonly record struct Place(bool Taken, bool Told, SlowClass Class, TimeSpan Max, long Period, TimeSpan Since);
}
