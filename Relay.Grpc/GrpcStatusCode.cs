namespace Relay.Grpc;

/// <summary>The status codes of gRPC (https://grpc.io/docs/guides/status-codes/).</summary>
public enum GrpcStatusCode
{
    /// <summary>It went well.</summary>
    Ok = 0,

    /// <summary>The call was cancelled, as a rule by its caller.</summary>
    Cancelled = 1,

    /// <summary>Something that has no code of its own.</summary>
    Unknown = 2,

    /// <summary>The request is wrong, whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 5,

    /// <summary>What was to be made is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached: rate, quota, size.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in a state in which this can be done.</summary>
    FailedPrecondition = 9,

    /// <summary>It clashed with something else that goes on.</summary>
    Aborted = 10,

    /// <summary>Past the end of what there is.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have the method, or not in this form.</summary>
    Unimplemented = 12,

    /// <summary>A fault of the server, or bytes that cannot be read.</summary>
    Internal = 13,

    /// <summary>Not now; a retry may help.</summary>
    Unavailable = 14,

    /// <summary>Data was lost for good.</summary>
    DataLoss = 15,

    /// <summary>The caller did not say who it is, or not so that it could be checked.</summary>
    Unauthenticated = 16,
}
