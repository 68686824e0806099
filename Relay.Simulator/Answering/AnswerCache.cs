using System.Collections.Concurrent;

namespace Relay.Simulator;

/// <summary>Whole answers, cut and escaped once. At most 1,024 of them; when full it starts anew. Long messages are not kept.</summary>
internal sealed class AnswerCache(SimulatorOptions options)
{
    private const int Capacity = 1024;
    private const int LongestKey = 4096;

    private readonly ConcurrentDictionary<Key, AnswerPieces> _kept = new();

    public AnswerPieces Get(string firstUserMessage, string model, int choice)
    {
        var key = new Key(firstUserMessage, options.SameAnswerForEveryModel ? "" : model, choice);
        if (_kept.TryGetValue(key, out var pieces))
        {
            return pieces;
        }

        pieces = AnswerPieces.Of(Answers.Text(options.Seed, key.Message, options.DefaultWords, key.Model, key.Choice));
        if (firstUserMessage.Length <= LongestKey)
        {
            if (_kept.Count >= Capacity)
            {
                _kept.Clear();
            }

            _kept[key] = pieces;
        }

        return pieces;
    }

    private readonly record struct Key(string Message, string Model, int Choice);
}
