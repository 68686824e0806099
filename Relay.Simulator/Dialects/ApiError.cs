namespace Relay.Simulator;

/// <summary>An error as one dialect says it; <see cref="Dialect.WriteError"/> gives it that dialect's shape.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">For people.</param>
/// <param name="Type">OpenAI's and Anthropic's type; Gemini's status, such as RESOURCE_EXHAUSTED.</param>
/// <param name="Param">The field that is wrong.</param>
/// <param name="Code">OpenAI's code; the reason in Gemini's details.</param>
internal sealed record ApiError(int Status, string Message, string? Type, string? Param = null, string? Code = null);

/// <summary>Thrown while a request is read; answered as the error it carries.</summary>
internal sealed class ApiErrorException(ApiError error) : Exception(error.Message)
{
    public ApiError Error => error;
}
