using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>The one parameter of the stats: <c>window</c>, default 5m. Anything else is refused, as a misspelt name would otherwise give the figures of another window.</summary>
internal static class WindowParameter
{
    /// <summary>Its name.</summary>
    public const string Name = "window";

    /// <summary>What it is when it is not given.</summary>
    public const Window Default = Window.FiveMinutes;

    /// <summary>What it may be.</summary>
    public static readonly string Allowed = string.Join(", ", TrailingWindows.All.ToArray().Select(TrailingWindows.Label));

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

            if (Read(values, out window) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Reads its value; returns what is wrong, or null.</summary>
    public static ErrorAnswer? Read(StringValues values, out Window window)
    {
        window = Default;
        return values.Count == 1 && TrailingWindows.TryParse(values[0], out window)
            ? null
            : new ErrorAnswer(StatusCodes.Status400BadRequest, "invalid_parameter", $"{Name} is {ErrorAnswer.Echo(values.ToString())}; it must be one of {Allowed}.", Name);
    }
}
