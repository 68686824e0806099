namespace Relay.Api.Live;

/// <summary>How a watcher is sent its frames.</summary>
internal enum WatchForm
{
    /// <summary>As a server-sent event.</summary>
    Event,

    /// <summary>As a server-sent event in gzip.</summary>
    GzipEvent,

    /// <summary>As a message of gRPC.</summary>
    Message,

    /// <summary>As a message of gRPC in gzip.</summary>
    GzipMessage,
}
