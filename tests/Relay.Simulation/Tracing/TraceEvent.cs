using System.Globalization;
using System.Text;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Tracing;

/// <summary>One line of a trace; -1 where something has no place.</summary>
/// <param name="At">Virtual time since the start.</param>
/// <param name="What">What happened.</param>
/// <param name="Request">The request's number.</param>
/// <param name="Gateway">The gateway's number.</param>
/// <param name="Target">The target's number.</param>
/// <param name="Value">What <see cref="Happening"/> says.</param>
internal readonly record struct TraceEvent(TimeSpan At, Happening What, int Request, int Gateway, int Target, long Value)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{At.TotalSeconds,11:0.000000}  ");
        text.Append(Gateway < 0 ? "   " : string.Create(CultureInfo.InvariantCulture, $"g{Gateway} "));
        text.Append(Request < 0 ? "       " : string.Create(CultureInfo.InvariantCulture, $"{"r" + Request,-6} "));
        text.Append(What.ToString().PadRight(11));
        text.Append(Target < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"t{Target} "));
        return text.Append(ValueText()).ToString().TrimEnd();
    }

    private string ValueText() => What switch
    {
        Happening.Attempt => ((FaultKind)(Value & 0xFF)).ToString() + (Value >> 8 > 0 ? " (continues an answer)" : ""),
        Happening.Verdict => ((Verdict)Value).ToString(),
        Happening.Told or Happening.Broken or Happening.Record => ((ErrorKind)Value).Label(),
        Happening.LeftAlone or Happening.Refused or Happening.Freed => Value.ToString(CultureInfo.InvariantCulture) + " ms",
        Happening.Probe => "lease " + Value.ToString(CultureInfo.InvariantCulture),
        Happening.Retry => Value > 0 ? "taken" : Value < 0 ? "given back" : "none left",
        Happening.Arrives => Value == 0 ? "" : "stream",
        _ => "",
    };
}
