namespace Relay.Api.Http;

/// <summary>What may be asked of this API.</summary>
internal static class Methods
{
    /// <summary>GET and HEAD: it only reads.</summary>
    public static readonly string[] Read = ["GET", "HEAD"];
}
