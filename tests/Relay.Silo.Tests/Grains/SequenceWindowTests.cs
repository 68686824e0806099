using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

public class SequenceWindowTests
{
    [Fact]
    public void Fresh_HasSeenNothingFromOneOn()
    {
        var window = default(SequenceWindow);
        Assert.False(window.WasSeen(1));
        Assert.False(window.WasSeen(long.MaxValue));
        Assert.True(window.IsLatest(1));
    }

    [Fact]
    public void LateNumber_IsToldApartWithinTheWindowAndCountsAsSeenBeyond()
    {
        var window = default(SequenceWindow);
        window.Mark(100);
        Assert.False(window.WasSeen(37));
        Assert.True(window.WasSeen(36));
        window.Mark(37);
        Assert.True(window.WasSeen(37));
        Assert.False(window.IsLatest(99));
    }

    [Fact]
    public void JumpAhead_ForgetsNothingItShouldKnow()
    {
        var window = default(SequenceWindow);
        window.Mark(1);
        window.Mark(64);
        Assert.True(window.WasSeen(1));
        Assert.False(window.WasSeen(2));
        window.Mark(long.MaxValue);
        Assert.True(window.WasSeen(64));
        Assert.True(window.WasSeen(long.MaxValue));
        Assert.False(window.WasSeen(long.MaxValue - 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyOrderWithinTheWindow_AgreesWithASet(int seed)
    {
        var random = new Random(seed);
        var seen = new HashSet<long>();
        var window = default(SequenceWindow);
        var highest = 1L;
        for (var i = 0; i < 20_000; i++)
        {
            var sequence = Math.Max(1, highest + random.Next(-SequenceWindow.Length + 1, 6));
            highest = Math.Max(highest, sequence);
            if (highest - sequence < SequenceWindow.Length)
            {
                Assert.Equal(seen.Contains(sequence), window.WasSeen(sequence));
                window.Mark(sequence);
                seen.Add(sequence);
            }
        }
    }
}
