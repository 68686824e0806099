using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Relay.Api.Live;

namespace Relay.Api.Tests.Live;

public sealed class GzipPieceTests
{
    private static readonly ImmutableArray<WatchedStory> Stories = [.. Enumerable.Range(1, 20).Select(i => new WatchedStory(i, null!, Encoding.ASCII.GetBytes($"story {i} "), default))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void PiecesInAnyOrder_AreOneStreamWithATrueSum(int seed)
    {
        var random = new Random(seed);
        var contents = Enumerable.Range(0, 6).Select(_ => Content(random)).ToArray();
        var pieces = contents.Select(content => GzipPiece.Of(content)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            var order = Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(pieces.Length)).ToArray();
            var stream = GzipPiece.Stream([.. order.Select(place => pieces[place])]).SelectMany(part => part.ToArray()).ToArray();

            Assert.True(Inflate(stream).AsSpan().SequenceEqual(order.SelectMany(place => contents[place]).ToArray()));
            Assert.Equal(order.Sum(place => contents[place].Length), BitConverter.ToInt32(stream, stream.Length - 4));
            stream[^5] ^= 1;
            Assert.Throws<InvalidDataException>(() => Inflate(stream));
        }
    }

    [Fact]
    public void Parts_AreCompressedAsOne()
    {
        var text = "the same again and again"u8.ToArray();
        var one = GzipPiece.Of(Enumerable.Repeat((ReadOnlyMemory<byte>)text, 1_000).ToArray());

        Assert.InRange(one.Bytes.Length, 10, 1_000);
        Assert.Equal([0, 0, 0xff, 0xff], one.Bytes.Span[^4..].ToArray());
    }

    [Fact]
    public async Task EquallyManyStories_AreCompressedOnceForAllWhoAskTogether()
    {
        var made = 0;
        var stories = new GzipStories(latest =>
        {
            Interlocked.Increment(ref made);
            return [.. latest.Select(story => story.Json)];
        });

        var pieces = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => stories.Of(Stories[^(1 + (i % 2))..]))));

        Assert.Equal(2, made);
        Assert.Equal(2, pieces.Distinct().Count());
    }

    [Fact]
    public void MoreNumbersThanAreKept_AreCompressedForOneAloneAndRight()
    {
        var made = 0;
        var stories = new GzipStories(latest =>
        {
            made++;
            return [.. latest.Select(story => story.Json)];
        });
        for (var round = 0; round < 2; round++)
        {
            for (var count = 1; count <= GzipStories.Max + 2; count++)
            {
                var latest = Stories[^count..];
                var stream = GzipPiece.Stream(stories.Of(latest)).SelectMany(part => part.ToArray()).ToArray();
                Assert.Equal(string.Concat(latest.Select(story => $"story {story.Number} ")), Encoding.ASCII.GetString(Inflate(stream)));
            }
        }

        Assert.Equal(GzipStories.Max + 2 + 2, made);
    }

    private static byte[] Content(Random random)
    {
        var content = new byte[random.Next(1, 70_000)];
        random.NextBytes(content);
        return random.Next(2) == 0 ? content : [.. content.Select(value => (byte)(value % 5))];
    }

    private static byte[] Inflate(byte[] stream)
    {
        using var gzip = new GZipStream(new MemoryStream(stream), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        gzip.CopyTo(inflated);
        return inflated.ToArray();
    }
}
