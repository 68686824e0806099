using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Relay.Cli.CommandLine;

/// <summary>The process's output.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens it. Unlike the console's own stream it throws once its reader has left, so that an endless command in front of <c>head</c> ends.
    /// </summary>
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows())
        {
            // A file keeps the console's stream: this one would write at an offset of its own, not where the file is at.
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }

            stream.Dispose();
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Texts for it, in UTF-8. Each goes out at once, so it holds nothing that would have to be disposed of.</summary>
    public static TextWriter Writer(Stream stream) => new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
