namespace Relay.Simulator;

/// <summary>The text of --help, its faults from the fault table.</summary>
internal static class Help
{
    private const string Usage = """
        Relay.Simulator: a fake provider with scripted faults. It speaks, side by side,
          OpenAI      POST /v1/chat/completions, /v1/embeddings; GET /v1/models
          Azure       POST /openai/deployments/NAME/chat/completions?api-version=, /openai/v1/chat/completions
          Anthropic   POST /v1/messages, /v1/messages/count_tokens
          Gemini      POST /v1beta/models/NAME:generateContent, :streamGenerateContent[?alt=sse], :countTokens

          --port N                 HTTP/1.1 port, 0 (default) picks a free one
          --http2-port N           a second port for HTTP/2 with prior knowledge
          --bind ADDRESS           default 127.0.0.1
          --name NAME              default sim
          --seed N                 seed of answers, delays and probabilities, default 1
          --first-token-ms DELAY   150, uniform:100-200 or lognormal:MEDIAN,SIGMA; default 0
          --token-ms DELAY         the gap before each further token; default 0
          --jitter SHARE           spreads plain delays evenly: 0.2 gives 80 % to 120 %
          --words N                words in an answer, default 60
          --words-per-chunk N      default 1
          --pad-bytes N            pads plain answers to N bytes
          --coalesce               sends chunks that need no pause together (for benches)
          --models A,B             what /v1/models lists; any other name is answered too
          --answers-by-model       the model's name changes the answer
          --embedding-dimensions N default 256
          --api-key env:NAME       asks for this credential, in the header of each dialect
          --no-rate-limit-headers  leaves them out
          --log-capacity N         requests kept, default 10000
          --log-body-bytes N       bytes kept of each body, default 16384
          --fault MODEL:FAULT      scripts a fault; may be repeated; MODEL * is every model

        Control: GET|PUT|POST|DELETE /control/faults, GET /control/requests[?model=],
        POST /control/reset, /control/unplug, /control/plug.

        Faults:
        """;

    public static string Text =>
        Usage + "\n" + string.Concat(FaultTable.All.Select(f => $"  {f.Name,-24} {f.Help}\n")) + $"  Modifiers of every fault: {FaultTable.ModifierHelp}\n";
}
