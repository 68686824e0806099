namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>limits</c>.</summary>
internal static class LimitsReader
{
    /// <summary>Bounds of <c>maxRequestBodyBytes</c>.</summary>
    public static readonly NumberBounds Body = new(1024, 1024 * 1024 * 1024);

    /// <summary>Bounds of <c>maxPlainBufferBytes</c>.</summary>
    public static readonly NumberBounds PlainBuffer = new(1024, 256 * 1024 * 1024);

    /// <summary>Bounds of <c>maxSseLineBytes</c>.</summary>
    public static readonly NumberBounds SseLine = new(1024, 64 * 1024 * 1024);

    /// <summary>Bounds of <c>maxConcurrentRequests</c>.</summary>
    public static readonly NumberBounds Concurrent = new(1, 1_000_000);

    /// <summary>Bounds of <c>clientStall</c>.</summary>
    public static readonly DurationBounds Stall = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    public static LimitOptions Read(JsonCursor? at)
    {
        var defaults = new LimitOptions();
        if (at is not { } here || ObjectReader.Open(here, $"write {{ \"maxConcurrentRequests\": {defaults.MaxConcurrentRequests} }}") is not { } section)
        {
            return defaults;
        }

        var limits = new LimitOptions
        {
            MaxRequestBodyBytes = section.Whole("maxRequestBodyBytes", defaults.MaxRequestBodyBytes, Body),
            MaxPlainBufferBytes = (int)section.Whole("maxPlainBufferBytes", defaults.MaxPlainBufferBytes, PlainBuffer),
            MaxSseLineBytes = (int)section.Whole("maxSseLineBytes", defaults.MaxSseLineBytes, SseLine),
            MaxConcurrentRequests = (int)section.Whole("maxConcurrentRequests", defaults.MaxConcurrentRequests, Concurrent),
            ClientStall = section.Duration("clientStall", defaults.ClientStall, Stall),
        };
        section.Close();
        return limits;
    }
}
