namespace Relay.Simulator;

/// <summary>A JSON type that a field should have had.</summary>
internal enum JsonKind
{
    String,
    Boolean,
    Integer,
    Number,
    Object,
    Array,
    StringOrArray,
}

/// <summary>What one dialect says when something is wrong, in the words of its real API.</summary>
internal abstract class DialectErrors
{
    public abstract ApiError MissingKey { get; }

    public abstract ApiError Unauthorized { get; }

    /// <summary>The account has used up what it paid for.</summary>
    public abstract ApiError Quota { get; }

    /// <summary>The provider has too much to do.</summary>
    public abstract ApiError Overloaded { get; }

    public abstract ApiError NoPrefill { get; }

    public abstract ApiError BadJson { get; }

    public abstract ApiError TooLarge { get; }

    public abstract ApiError Internal { get; }

    public abstract ApiError NoSuchPath(string method, string path);

    public abstract ApiError Missing(string field);

    public abstract ApiError WrongType(string field, JsonKind expected);

    public abstract ApiError OutOfRange(string field, double actual, double min, double max);

    /// <summary>What is said with a fault's status, or with its code where it names one.</summary>
    public abstract ApiError For(Fault fault);

    /// <summary>What an error event inside a stream says.</summary>
    public virtual ApiError InStream(Fault fault) =>
        For(fault with { Status = StatusOf(fault.Code) });

    // A fault's code is one of OpenAI's, whatever the dialect.
    private static int StatusOf(string? code) => code switch
    {
        "context_length_exceeded" or "content_policy_violation" => 400,
        "invalid_api_key" => 401,
        "model_not_found" => 404,
        "rate_limit_exceeded" or "insufficient_quota" => 429,
        "server_error" => 500,
        _ => 503,
    };
}
