namespace Relay.Gateway.Config.Reading;

/// <summary>What names of providers, models, upstream models and keys may look like.</summary>
internal static class NameRules
{
    /// <summary>The longest name of a model or key, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>The longest name of a provider: it is a part of metric labels and of target names.</summary>
    public const int MaxProviderLength = 64;

    /// <summary>Checks a provider's name, which must be plain because a target's name is split at its first slash.</summary>
    public static bool CheckProvider(string name, JsonCursor at)
    {
        const string Fix = "name it with letters, digits, '.', '_' and '-', at most 64 of them, for example 'openai'";
        if (name.Length == 0)
        {
            at.Error("the provider's name is empty", Fix);
            return false;
        }

        if (!IsPlain(name))
        {
            at.Error("the provider's name is too long or has other characters than a name may have", Fix);
            return false;
        }

        return true;
    }

    /// <summary>A name that may be a part of metric labels and target names.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxProviderLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Checks any other name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it names: <c>model's name</c>.</param>
    /// <param name="at">Where errors are reported.</param>
    public static bool Check(string name, string what, JsonCursor at)
    {
        if (Problem(name) is not { } problem)
        {
            return true;
        }

        at.Error($"the {what} {problem}", $"use 1 to {MaxLength} characters, no control characters, no space at either end");
        return false;
    }

    /// <summary>Checks the stars of a name that may have one, at its end.</summary>
    public static bool CheckStar(string name, string what, JsonCursor at)
    {
        var star = name.IndexOf('*', StringComparison.Ordinal);
        if (star < 0 || star == name.Length - 1)
        {
            return true;
        }

        at.Error($"the {what} {SafeText.Show(name)} has a * that is not its last character", "a * matches the rest of a name and stands at its end, as in \"openai/*\"");
        return false;
    }

    private static string? Problem(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return "is empty";
        }

        if (name.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        if (name.Any(char.IsControl))
        {
            return "has a control character";
        }

        return char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) ? "begins or ends with a space" : null;
    }
}
