using System.Collections.Frozen;
using Relay.Core.Cost;
using Relay.Core.Errors;

namespace Relay.Silo.Grains;

/// <summary>
/// The numbers by which counters travel between processes. A place in the vector moves when a counter or an error kind is added; a code
/// never does, so that old and new versions mix. One that a reader does not know is left out.
/// </summary>
public static class CounterCodes
{
    private const int FirstError = 1_000;
    private const int FirstTokens = 2_000;
    private const int FirstOutcome = 10_000;
    private const int PerEndpoint = 1_000;

    /// <summary>The endpoint without a name of its own keeps this number when others are added before it.</summary>
    private const int OtherEndpoint = 99;

    private static readonly int[] Codes = Build();
    private static readonly FrozenDictionary<int, int> Places = Codes.Select((code, place) => KeyValuePair.Create(code, place)).ToFrozenDictionary();

    /// <summary>The code of a place.</summary>
    /// <param name="place">0 to <see cref="Counters.Width"/> - 1.</param>
    public static int Of(int place) => Codes[place];

    /// <summary>The place of a code; -1 for one that this version does not know.</summary>
    /// <param name="code">Any number.</param>
    public static int Place(int code) => Places.TryGetValue(code, out var place) ? place : -1;

    private static int[] Build()
    {
        var codes = Enumerable.Range(0, Counters.Width).ToArray();
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            codes[Counters.Error(kind)] = FirstError + (int)kind;
            foreach (var endpoint in MeteredEndpoints.All)
            {
                var number = endpoint == MeteredEndpoint.Other ? OtherEndpoint : (int)endpoint;
                codes[Counters.Outcome(endpoint, kind)] = FirstOutcome + (number * PerEndpoint) + (int)kind;
            }
        }

        foreach (var category in TokenCategories.All)
        {
            codes[Counters.Tokens(category)] = FirstTokens + (int)category;
        }

        return codes;
    }
}
