namespace Relay.Simulator;

/// <summary>Which requests a fault can hit. Others pass it by, uncounted.</summary>
internal enum FaultScope
{
    Any,
    Chat,
    Stream,
    Plain,
    Prefill,

    /// <summary>Streams whose dialect can end in a chunk of usage.</summary>
    UsageChunk,

    /// <summary>Streams that end with a mark.</summary>
    EndMark,
}

/// <summary>What stands after a fault's name.</summary>
internal enum FaultValue
{
    None,
    Status,
    Words,
    Duration,
    OptionalDuration,
    Factor,
    OptionalBytes,
}

/// <summary>One row of the fault table: name, value, parameters, scope, and a line of help.</summary>
internal sealed record FaultInfo(FaultKind Kind, string Name, FaultValue Value, FaultScope Scope, FaultEnd End, string[] Parameters, string Help);

/// <summary>Every fault that exists. Parser, formatter, matching and help read this one table.</summary>
internal static class FaultTable
{
    public const int DefaultHugeLineBytes = 1_572_864;

    public const string ModifierHelp = "times=N, after=N (let N pass first), for=30s or window=30s (active that long), probability=0.3, key=CREDENTIAL (only requests with it), flap=BAD/GOOD";

    public static readonly string[] Modifiers = ["times", "after", "for", "window", "probability", "key", "flap"];

    private static readonly string[] ErrorParameters = ["code", "type", "retry-after", "retry-after-ms", "retry-after-date", "limit-reset"];

    public static IReadOnlyList<FaultInfo> All { get; } =
    [
        new(FaultKind.Status, "status", FaultValue.Status, FaultScope.Any, default, ErrorParameters, "status=503: an error; code, type, retry-after=2, retry-after-ms=1500, retry-after-date=+5s, limit-reset=20s"),
        new(FaultKind.Unauthorized, "unauthorized", FaultValue.None, FaultScope.Any, default, [], "the credential is refused"),
        new(FaultKind.Quota, "quota", FaultValue.None, FaultScope.Any, default, [], "the account is used up"),
        new(FaultKind.Html, "html", FaultValue.None, FaultScope.Any, default, [], "502 with an HTML page"),
        new(FaultKind.NoPrefill, "no-prefill", FaultValue.None, FaultScope.Prefill, default, [], "400 when the last message is the assistant's"),
        new(FaultKind.Reset, "reset", FaultValue.None, FaultScope.Any, default, [], "connection reset before headers"),
        new(FaultKind.Silence, "silence", FaultValue.OptionalDuration, FaultScope.Any, FaultEnd.Abort, ["end"], "silence=120s: no headers, then end=abort|continue"),
        new(FaultKind.HeadersThenSilence, "headers-then-silence", FaultValue.OptionalDuration, FaultScope.Any, FaultEnd.Continue, ["end"], "headers-then-silence=20s: 200 at once, first token later; end=continue|clean|abort"),
        new(FaultKind.FirstToken, "first-token", FaultValue.Duration, FaultScope.Any, default, [], "first-token=20s: the first token takes this long"),
        new(FaultKind.Slow, "slow", FaultValue.Factor, FaultScope.Any, default, [], "slow=4: every delay times 4"),
        new(FaultKind.CutAfter, "cut-after", FaultValue.Words, FaultScope.Stream, FaultEnd.Abort, ["end"], "cut-after=40: the stream ends after 40 words; end=abort|clean"),
        new(FaultKind.StallAfter, "stall-after", FaultValue.Words, FaultScope.Stream, FaultEnd.Abort, ["end", "for"], "stall-after=20,for=30s: pause (without for: until the client leaves); end=abort|clean|continue"),
        new(FaultKind.MalformedEventAfter, "malformed-event-after", FaultValue.Words, FaultScope.Stream, default, [], "malformed-event-after=10: one extra event of broken JSON"),
        new(FaultKind.ErrorInStreamAfter, "error-in-stream-after", FaultValue.Words, FaultScope.Stream, default, ["code", "type", "raw"], "error-in-stream-after=0: an error event inside a 200 stream, which then ends; raw: without framing"),
        new(FaultKind.HugeLine, "huge-line", FaultValue.OptionalBytes, FaultScope.Stream, default, ["words"], "huge-line or huge-line=2000000: one SSE line of that many bytes (1.5 MiB), after words=N"),
        new(FaultKind.RoleOnly, "role-only", FaultValue.None, FaultScope.Stream, default, [], "what precedes the first word, then a clean end"),
        new(FaultKind.NoDone, "no-done", FaultValue.None, FaultScope.EndMark, default, [], "no end mark ([DONE], message_stop)"),
        new(FaultKind.UsageOnChoices, "usage-on-choices", FaultValue.None, FaultScope.UsageChunk, default, [], "OpenAI: usage on the finish chunk instead of its own"),
        new(FaultKind.NoUsage, "no-usage", FaultValue.None, FaultScope.Chat, default, [], "no usage at all"),
        new(FaultKind.EmptyChoices, "empty-choices", FaultValue.None, FaultScope.Chat, default, [], "an answer without choices, blocks or candidates"),
        new(FaultKind.TruncatedBody, "truncated-body", FaultValue.None, FaultScope.Plain, default, [], "plain: Content-Length larger than what is sent"),
        new(FaultKind.BadJsonBody, "bad-json-body", FaultValue.None, FaultScope.Plain, default, [], "plain: 200 with broken JSON"),
        new(FaultKind.Overloaded, "overloaded", FaultValue.None, FaultScope.Any, default, [], "503, Anthropic's 529"),
        new(FaultKind.RefusalAfter, "refusal-after", FaultValue.Words, FaultScope.Chat, default, [], "refusal-after=5: the safety system ends the answer after 5 words"),
        new(FaultKind.NoFinish, "no-finish", FaultValue.None, FaultScope.Chat, default, [], "no finish_reason, stop_reason, finishReason"),
        new(FaultKind.LimitReached, "limit-reached", FaultValue.None, FaultScope.Any, default, ["limit-reset"], "a right answer whose headers say that no request and no token is left; limit-reset=20s"),
    ];

    public static FaultInfo Of(FaultKind kind) => All[(int)kind];

    public static FaultInfo? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
