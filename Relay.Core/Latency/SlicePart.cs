namespace Relay.Core.Latency;

/// <summary>One time slice as one process hands it to another, so that what one has lost can be had from those that reported it.</summary>
/// <param name="Level">The <see cref="WindowLevel"/> it belongs to, 0 for the finest.</param>
/// <param name="Number">Its number: it covers [number, number + 1) slice lengths of its level since the clock's origin.</param>
/// <param name="IsOpen">True: it was still open, so that coarser levels do not hold it yet.</param>
/// <param name="Value">What it holds.</param>
/// <typeparam name="T">What a slice holds.</typeparam>
public readonly record struct SlicePart<T>(int Level, long Number, bool IsOpen, T Value);
