using System.Text;

namespace Relay.Simulator;

/// <summary>The text that a simulator answers, computed: tests compare what arrived with what must have been said.</summary>
/// <remarks>An answer depends on the seed and the first user message (and on the model's name only where
/// <see cref="SimulatorOptions.SameAnswerForEveryModel"/> is false), never on later turns: an answer that was cut can be
/// asked for again, or continued, and is the same. A shorter answer is a prefix of a longer one.</remarks>
public static class Answers
{
    /// <summary>The text of a chat answer.</summary>
    /// <param name="seed">The simulator's seed.</param>
    /// <param name="firstUserMessage">The text of the first user message.</param>
    /// <param name="words">How many words.</param>
    /// <param name="model">The model's name where it matters, else empty.</param>
    /// <param name="choice">The choice's index, for requests with n above 1.</param>
    public static string Text(int seed, string firstUserMessage, int words, string model = "", int choice = 0)
    {
        var random = new SplitMix64(Hash(seed, firstUserMessage, model, choice));
        var text = new StringBuilder(words * 8);
        var left = 0;
        for (var i = 0; i < words; i++)
        {
            var starts = left == 0;
            if (starts)
            {
                left = 5 + random.Next(9);
            }

            var word = Vocabulary.Words[random.Next(Vocabulary.Words.Length)];
            text.Append(i == 0 ? "" : " ").Append(starts ? char.ToUpperInvariant(word[0]) : word[0]).Append(word, 1, word.Length - 1);
            left--;
            if (left == 0)
            {
                text.Append('.');
            }
        }

        return text.ToString();
    }

    /// <summary>The text that a simulator with these options answers.</summary>
    /// <param name="options">The simulator's options.</param>
    /// <param name="firstUserMessage">The text of the first user message.</param>
    /// <param name="model">The model asked for.</param>
    /// <param name="maxTokens">The request's max_tokens or max_completion_tokens.</param>
    /// <param name="choice">The choice's index.</param>
    public static string Text(SimulatorOptions options, string firstUserMessage, string model = "", int? maxTokens = null, int choice = 0) =>
        Text(options.Seed, firstUserMessage, Math.Min(maxTokens ?? options.DefaultWords, options.DefaultWords), options.SameAnswerForEveryModel ? "" : model, choice);

    /// <summary>What a simulator with these options thinks before it answers, where thoughts are asked for and shown.</summary>
    /// <param name="options">The simulator's options; as many words as <see cref="SimulatorOptions.ReasoningTokensOnEffort"/>.</param>
    /// <param name="firstUserMessage">The text of the first user message.</param>
    /// <param name="model">The model asked for.</param>
    public static string Thinking(SimulatorOptions options, string firstUserMessage, string model = "") =>
        Text(options.Seed, firstUserMessage, options.ReasoningTokensOnEffort, options.SameAnswerForEveryModel ? "" : model, choice: -1);

    // FNV-1a over the characters, then mixed; string.GetHashCode differs in every process.
    internal static ulong Hash(int seed, string message, string model, int choice)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in message)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash = (hash ^ 0xFFFF) * 1099511628211UL;
        foreach (var c in model)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return SplitMix64.Mix(SplitMix64.Mix(hash, (ulong)seed), (ulong)choice);
    }
}
