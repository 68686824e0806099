using Relay.Core.Breaker;

namespace Relay.Core.Errors;

/// <summary>One row of <see cref="ErrorTable"/>: all decisions that follow from an <see cref="ErrorKind"/>.</summary>
/// <param name="Kind">The kind that the row is about.</param>
/// <param name="Label">Its name in metrics, records and docs: snake_case.</param>
/// <param name="Domain">Whose fault it is.</param>
/// <param name="HttpStatus">The HTTP status that the client sees; 499 is written to records only, since that client is gone.</param>
/// <param name="OpenAiType">The <c>error.type</c> of OpenAI's error shape.</param>
/// <param name="OpenAiCode">The <c>error.code</c> of OpenAI's error shape.</param>
/// <param name="GrpcStatus">The gRPC status code, by number (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).</param>
/// <param name="RetrySameTarget">May the same target be tried again for this request?</param>
/// <param name="FailOver">May another target be tried for this request?</param>
/// <param name="Verdict">What the attempt says about the health of its target.</param>
/// <param name="BurnsSlo">Does a request that ends so count against the model's objective?</param>
public sealed record ErrorRow(
    ErrorKind Kind,
    string Label,
    FaultDomain Domain,
    int HttpStatus,
    string OpenAiType,
    string OpenAiCode,
    int GrpcStatus,
    bool RetrySameTarget,
    bool FailOver,
    Verdict Verdict,
    bool BurnsSlo);
