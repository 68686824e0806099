using Microsoft.AspNetCore.Http;

namespace Relay.Api.Http;

/// <summary>Where there are no parameters, none is taken, so that a misspelt or misplaced one is noticed.</summary>
internal static class NoParameters
{
    /// <summary>Returns what is wrong, or null.</summary>
    public static ErrorAnswer? Check(IQueryCollection query)
    {
        foreach (var name in query.Keys)
        {
            return new(StatusCodes.Status400BadRequest, "unknown_parameter", $"There is no parameter {ErrorAnswer.Echo(name)}; there are none here.", name);
        }

        return null;
    }
}
