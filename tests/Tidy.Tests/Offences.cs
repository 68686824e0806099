namespace Tidy.Tests;

internal static class Offences
{
    /// <summary>Fails with every offence, one per line.</summary>
    public static void None(IEnumerable<string> offences)
    {
        var found = offences.ToArray();
        if (found.Length > 0)
        {
            Assert.Fail($"{found.Length} offence(s):\n  " + string.Join("\n  ", found));
        }
    }
}
