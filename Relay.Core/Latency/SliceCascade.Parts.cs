namespace Relay.Core.Latency;

/// <content>Handing all slices to another process, and taking over another's.</content>
internal sealed partial class SliceCascade<T>
{
    /// <summary>Every slice that holds anything; at most <see cref="MaxSlices"/> and the owner's.</summary>
    /// <param name="open">The owner's open slice.</param>
    public IEnumerable<SlicePart<T>> Export(T open)
    {
        if (!ReferenceEquals(open, T.Empty))
        {
            yield return new(0, _rings[0].OpenNumber, IsOpen: true, open);
        }

        for (var level = 0; level < _rings.Length; level++)
        {
            foreach (var part in _rings[level].Export(level))
            {
                yield return part;
            }
        }
    }

    /// <summary>
    /// Merges another's slice into the same time here; what has left the window of its level is dropped. The owner must first have closed
    /// what was over when the other exported.
    /// </summary>
    /// <remarks>
    /// A closed slice is in the coarser levels' slices of the other already, and those come too. One that was open there is in no coarser
    /// one: where it has closed here meanwhile, it is carried up as its closing would have done.
    /// </remarks>
    public void Import(in SlicePart<T> part)
    {
        if ((uint)part.Level >= (uint)_rings.Length)
        {
            return;
        }

        Array.Clear(_sums);
        if (!part.IsOpen)
        {
            _rings[part.Level].MergeClosed(part.Number, part.Value);
            return;
        }

        var number = part.Number;
        for (var level = part.Level; level < _rings.Length; level++)
        {
            var ring = _rings[level];
            if (number >= ring.OpenNumber)
            {
                ring.Add(part.Value);
                return;
            }

            ring.MergeClosed(number, part.Value);
            number = level + 1 < _rings.Length ? number * ring.SliceTicks / _rings[level + 1].SliceTicks : 0;
        }
    }
}
