using Microsoft.Win32.SafeHandles;

namespace Relay.Cli.CommandLine;

/// <summary>The process's output.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens it. Unlike the console's own stream it throws once its reader has left, so that an endless command in front of <c>head</c> ends.
    /// </summary>
    public static Stream Open() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
