using System.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Refuses fields that Google's JSON parser does not know.</summary>
internal static class GeminiNames
{
    /// <param name="json">The object.</param>
    /// <param name="known">Its fields, in camelCase.</param>
    /// <param name="path">Where it stands, in snake_case; empty for the body itself.</param>
    public static void Check(JsonElement json, HashSet<string> known, string path)
    {
        foreach (var field in json.EnumerateObject())
        {
            if (!known.Contains(field.Name) && !known.Contains(Camel(field.Name)))
            {
                throw GeminiRequest.Invalid($"Invalid JSON payload received. Unknown name \"{field.Name}\"{(path.Length > 0 ? $" at '{path}'" : "")}: Cannot find field.", path);
            }
        }
    }

    private static string Camel(string name)
    {
        var camel = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            camel.Append(name[i] == '_' && i + 1 < name.Length ? char.ToUpperInvariant(name[++i]) : name[i]);
        }

        return camel.ToString();
    }
}
