namespace Relay.TestKit;

/// <summary>Debian's official python clients, driven by the programs in tests/clients.</summary>
public static class PythonClient
{
    /// <summary>Debian's own, since another python on PATH does not see Debian's packages.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>Why a test with this package has to be skipped; null where it can run, or where CI=true makes its absence a failure.</summary>
    /// <param name="package">The name under which python imports it, such as <c>grpc</c>.</param>
    /// <param name="debian">Debian's package.</param>
    public static string? SkipReason(string package, string debian) =>
        Require.IsCi || Directory.Exists($"/usr/lib/python3/dist-packages/{package}") ? null : $"{debian} is missing: install it, or run ./test.sh on Debian";
}
