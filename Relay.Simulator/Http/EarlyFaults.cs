using System.Text;

namespace Relay.Simulator;

/// <summary>Faults that take the place of the answer, alike for every endpoint.</summary>
internal static class EarlyFaults
{
    private static readonly byte[] HtmlPage = Encoding.UTF8.GetBytes(
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n");

    /// <summary>True when the request has had its answer, or its end.</summary>
    public static async Task<bool> AppliedAsync(Exchange exchange)
    {
        var errors = exchange.Dialect.Errors;
        switch (exchange.Fault?.Kind)
        {
            case FaultKind.Status:
                return await Error(exchange, errors.For(exchange.Fault));
            case FaultKind.Unauthorized:
                return await Error(exchange, errors.Unauthorized);
            case FaultKind.Quota:
                return await Error(exchange, errors.Quota);
            case FaultKind.Overloaded:
                return await Error(exchange, errors.Overloaded);
            case FaultKind.NoPrefill:
                return await Error(exchange, errors.NoPrefill);
            case FaultKind.Html:
                exchange.StartAnswer(502, "text/html");
                await exchange.SendAsync(HtmlPage);
                return exchange.Faulted = true;
            case FaultKind.Reset:
                exchange.Cut();
                return true;
            case FaultKind.Silence:
                await exchange.Pace.PauseAsync(exchange.Fault.Duration, exchange.Aborted);
                if (exchange.Fault.End == FaultEnd.Continue)
                {
                    return false;
                }

                exchange.Cut();
                return true;
            default:
                return false;
        }
    }

    private static async Task<bool> Error(Exchange exchange, ApiError error)
    {
        await exchange.SendErrorAsync(error);
        return exchange.Faulted = true;
    }
}
