using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>Retry-After in the form that the fault asks for.</summary>
internal static class RetryAfterHeader
{
    public static void Add(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
        if (fault.RetryAfter is not { } after)
        {
            return;
        }

        var (name, value) = fault.RetryAfterForm switch
        {
            RetryAfterForm.Milliseconds => ("retry-after-ms", ((long)after.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)),
            RetryAfterForm.Date => ("retry-after", (exchange.Options.TimeProvider.GetUtcNow() + after).ToString("R", CultureInfo.InvariantCulture)),
            _ => ("retry-after", ((long)after.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        };
        headers[name] = value;
    }
}
