using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
using Relay.Api.Grpc;
using Relay.Api.Http;
using Relay.Api.Stats;

namespace Relay.Api.Live;

/// <summary>A failover or rescue, serialized once for all frames and watchers.</summary>
/// <param name="Number">Counts them in the order in which they came to be known.</param>
/// <param name="Story">What happened.</param>
/// <param name="Json">Its object.</param>
/// <param name="Field">The field of a message that holds it.</param>
internal sealed record WatchedStory(long Number, FailoverFigures Story, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Field)
{
    /// <summary>Serializes one.</summary>
    public static WatchedStory Of(long number, FailoverFigures story)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, JsonAnswer.Options))
        {
            FailoversJson.Write(json, story);
        }

        // A frame that holds nothing but this: protobuf joins the fields of messages that follow each other.
        var field = new V1.StatsFrame { Failovers = { ReportsProto.Of(story) } }.ToByteArray();
        return new WatchedStory(number, story, output.WrittenMemory, field);
    }
}

/// <summary>The latest failovers and rescues that frames tell of, in the order in which they came to be known. Not thread-safe.</summary>
internal sealed class WatchedStories
{
    /// <summary>The most that are kept, and that a frame tells of.</summary>
    public const int Max = 100;

    private long _count;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<WatchedStory> Latest { get; private set; } = [];

    /// <summary>Takes over the latest ones; true when there is one that was not known.</summary>
    /// <param name="newestFirst">As they were told; a request's comes when it has ended, so that it may be older than one that is known.</param>
    public bool Update(IReadOnlyList<FailoverFigures> newestFirst)
    {
        var known = Latest.Select(story => story.Story).ToHashSet();
        var news = newestFirst.Take(Max).Where(story => !known.Contains(story)).Reverse().Select(story => WatchedStory.Of(++_count, story)).ToArray();
        if (news.Length == 0)
        {
            return false;
        }

        var all = Latest.AddRange(news);
        Latest = all.RemoveRange(0, Math.Max(0, all.Length - Max));
        return true;
    }
}
