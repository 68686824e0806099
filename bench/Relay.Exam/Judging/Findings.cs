namespace Relay.Exam.Judging;

/// <summary>What is wrong with a sitting, in words; nothing when it passed.</summary>
internal sealed class Findings
{
    private readonly List<string> _all = [];

    /// <summary>Everything that was found.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Notes a fault where something does not hold.</summary>
    /// <param name="holds">What must be.</param>
    /// <param name="otherwise">What is wrong when it is not.</param>
    public void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            _all.Add(otherwise);
        }
    }

    /// <summary>Notes two values that must be alike.</summary>
    public void Same<T>(T expected, T seen, string what) =>
        Must(EqualityComparer<T>.Default.Equals(expected, seen), $"{what}: {seen} instead of {expected}");
}
