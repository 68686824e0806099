using Relay.Core.Errors;

namespace Relay.Grpc;

/// <summary>Ends a call with a status: a handler throws it, and a client gets it.</summary>
public sealed class GrpcException : Exception
{
    /// <summary>Ends it with a status.</summary>
    public GrpcException(GrpcStatus status)
        : base(Describe(status)) => Status = status;

    /// <summary>Ends it with the status of a kind of error.</summary>
    /// <param name="kind">What went wrong; its status code is that of <see cref="ErrorTable"/>.</param>
    /// <param name="message">What is wrong and what to do; no secret, no prompt text.</param>
    public GrpcException(ErrorKind kind, string message)
        : this(GrpcStatus.Of(kind, message))
    {
    }

    /// <summary>The status.</summary>
    public GrpcStatus Status { get; }

    private static string Describe(GrpcStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return $"{status.Code}: {status.Message}";
    }
}
