using System.Text;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Config.Reading;

/// <summary>
/// Reads secrets that the file refers to: <c>env:NAME</c> or <c>file:PATH</c>. No error here repeats a value, nor the name of a
/// variable unless it looks like one: people write the secret itself in its place.
/// </summary>
internal static partial class SecretReader
{
    /// <summary>The largest secret: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string Form = "write \"env:NAME\" for an environment variable or \"file:PATH\" for a file";

    /// <summary>A secret that must not be written into the file itself. Null after an error.</summary>
    /// <param name="at">The field.</param>
    /// <param name="otherForm">What else the field may hold, such as <c>, or "sha256:HEX"</c>.</param>
    public static Secret? Reference(JsonCursor at, string otherForm = "")
    {
        if (at.AsString(Form + otherForm) is not { } text)
        {
            return null;
        }

        if (IsReference(text))
        {
            return Resolve(text, at);
        }

        at.Error("secrets do not belong in the file", Form + otherForm);
        return null;
    }

    /// <summary>A value that may be written into the file, or be referred to. Null after an error.</summary>
    public static Secret? LiteralOrReference(JsonCursor at)
    {
        if (at.AsString("write the value, or " + Form[6..]) is not { } text)
        {
            return null;
        }

        return IsReference(text) ? Resolve(text, at) : Checked(text, "the value", "write a value of visible ASCII characters", at);
    }

    private static bool IsReference(string text) =>
        text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal);

    private static Secret? Resolve(string text, JsonCursor at) =>
        text.StartsWith("env:", StringComparison.Ordinal) ? FromVariable(text[4..], at) : FromFile(text[5..], at);

    private static Secret? FromVariable(string name, JsonCursor at)
    {
        if (!VariableName().IsMatch(name))
        {
            at.Error("what follows env: is not the name of an environment variable", "write env: and the name, letters, digits and '_', such as \"env:OPENAI_API_KEY\"");
            return null;
        }

        var what = UpperCaseName().IsMatch(name) ? $"the environment variable {SafeText.Show(name)}" : "the environment variable that is named here";
        var value = at.Context.Environment.GetVariable(name);
        if (string.IsNullOrEmpty(value))
        {
            at.Error($"{what} is {(value is null ? "not set" : "empty")}", "set it in Relay's environment before starting");
            return null;
        }

        return Checked(value, $"the value of {what}", "set it to the secret alone", at);
    }

    private static Secret? FromFile(string path, JsonCursor at)
    {
        if (PathReader.Resolve(path, at) is not { } full)
        {
            return null;
        }

        var what = $"the secret file {SafeText.Show(full)}";
        var file = at.Context.ReadSecret(full, MaxBytes);
        var (problem, fix) = file.Status switch
        {
            FileReadStatus.Missing => ("is not there", "create it, or correct the path, which starts from the configuration file's folder"),
            FileReadStatus.TooLarge => ($"is larger than {MaxBytes / 1024} KiB", "put the secret alone into the file"),
            FileReadStatus.Unreadable => ("cannot be read", "let the user that runs Relay read it, and check that it is a file"),
            _ => (null, ""),
        };
        if (problem is not null)
        {
            at.Error($"{what} {problem}", fix);
            return null;
        }

        // Editors end a file's last line, so line ends there are not part of the secret. Latin-1 keeps every other byte visible to the check.
        var text = Encoding.Latin1.GetString(file.Bytes.Span).TrimEnd('\r', '\n');
        if (text.Length == 0)
        {
            at.Error($"{what} is empty", "put the secret into the file");
            return null;
        }

        return Checked(text, $"the content of {what}", "put the secret alone into the file, on one line", at);
    }

    private static Secret? Checked(string value, string what, string fix, JsonCursor at)
    {
        if (Problem(value) is not { } problem)
        {
            return new(value);
        }

        at.Error($"{what} {problem}", fix);
        return null;
    }

    private static string? Problem(string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return "is empty";
        }

        if (value.Length > MaxBytes)
        {
            return $"is larger than {MaxBytes / 1024} KiB";
        }

        if (value.AsSpan().ContainsAny('\r', '\n'))
        {
            return "has a line break";
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "has a character that is not visible ASCII";
        }

        return value[0] == ' ' || value[^1] == ' ' ? "begins or ends with a space" : null;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,254}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UpperCaseName();
}
