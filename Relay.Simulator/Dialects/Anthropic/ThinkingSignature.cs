namespace Relay.Simulator;

/// <summary>Signatures of thoughts. Any simulator knows every other's, as one provider's models do; a changed thought no longer fits its signature.</summary>
internal static class ThinkingSignature
{
    private const int Seed = 0x51C;

    public static string Of(string thinking)
    {
        Span<byte> bytes = stackalloc byte[32];
        var hash = Answers.Hash(Seed, thinking, "signature", 0);
        for (var i = 0; i < bytes.Length / sizeof(ulong); i++)
        {
            BitConverter.TryWriteBytes(bytes[(i * sizeof(ulong))..], SplitMix64.Mix(hash, (ulong)i));
        }

        return Convert.ToBase64String(bytes);
    }
}
