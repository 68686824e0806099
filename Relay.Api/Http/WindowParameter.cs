using Microsoft.AspNetCore.Http;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>The one parameter of the stats: <c>window</c>, default 5m. Anything else is refused, as a misspelt name would otherwise give the figures of another window.</summary>
internal static class WindowParameter
{
    private const string Name = "window";
    private const Window Default = Window.FiveMinutes;

    private static readonly string Allowed = string.Join(", ", TrailingWindows.All.ToArray().Select(TrailingWindows.Label));

    /// <summary>Reads it; returns what is wrong, or null.</summary>
    public static ErrorAnswer? Read(IQueryCollection query, out Window window)
    {
        window = Default;
        foreach (var (name, values) in query)
        {
            if (name != Name)
            {
                return new ErrorAnswer(StatusCodes.Status400BadRequest, "unknown_parameter", $"There is no parameter {ErrorAnswer.Echo(name)}; the only one is {Name}, one of {Allowed}.", name);
            }

            if (values.Count != 1 || !TrailingWindows.TryParse(values[0], out window))
            {
                return new ErrorAnswer(StatusCodes.Status400BadRequest, "invalid_parameter", $"{Name} is {ErrorAnswer.Echo(values.ToString())}; it must be one of {Allowed}.", Name);
            }
        }

        return null;
    }
}
