namespace Relay.Api.Http;

/// <summary>What may be asked of this API.</summary>
internal static class Methods
{
    /// <summary>GET and HEAD: nothing is changed.</summary>
    public static readonly string[] Read = ["GET", "HEAD"];

    /// <summary>PUT and POST, where something can be changed.</summary>
    public static readonly string[] Change = ["PUT", "POST"];
}
