using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>
/// Finds the members with a block body (methods, constructors, operators, accessors) and their lengths in lines,
/// from the declaration's first line after its attributes to the closing brace. Expression bodies are not counted;
/// a local function counts into its method.
/// </summary>
public static partial class MethodLengths
{
    private enum Block
    {
        File,
        Other,
        Type,
        Property,
        Method,
    }

    /// <summary>Each member's longest body, by "Type.Member" (overloads share a name).</summary>
    public static IReadOnlyDictionary<string, int> Of(string code)
    {
        var longest = new Dictionary<string, int>();
        var open = new Stack<(Block Kind, string Name, int Start)>();
        var headerStart = 0;
        for (var at = 0; at < code.Length; at++)
        {
            var c = code[at];
            if (c == '{')
            {
                var parent = open.Count > 0 ? open.Peek() : (Block.File, "", 0);
                open.Push(Classify(code, headerStart, at, parent.Item1, parent.Item2));
            }
            else if (c == '}' && open.Count > 0)
            {
                var (kind, name, start) = open.Pop();
                if (kind == Block.Method)
                {
                    var lines = code.AsSpan(start, at - start).Count('\n') + 1;
                    longest[name] = Math.Max(lines, longest.GetValueOrDefault(name));
                }
            }

            headerStart = c is '{' or '}' or ';' ? at + 1 : headerStart;
        }

        return longest;
    }

    private static (Block Kind, string Name, int Start) Classify(string code, int from, int to, Block parent, string parentName)
    {
        var start = AfterAttributes(code, from, to);
        var header = code[start..to];
        var prefix = parentName.Length > 0 ? parentName + "." : "";
        if (TypeHeader().Match(header) is { Success: true } type && parent is Block.File or Block.Type)
        {
            return (Block.Type, prefix + type.Groups["name"].Value, start);
        }

        if (parent == Block.Property && AccessorHeader().Match(header) is { Success: true } accessor)
        {
            return (Block.Method, prefix + accessor.Groups["name"].Value, start);
        }

        if (parent != Block.Type || HasInitializer(header))
        {
            return (Block.Other, parentName, start);
        }

        var name = MethodName(header);
        return name is null
            ? (Block.Property, prefix + LastWord().Match(header).Groups["name"].Value, start)
            : (Block.Method, prefix + name, start);
    }

    private static int AfterAttributes(string code, int from, int to)
    {
        for (var at = from; ; at = SkipGroup(code, at, to, '[', ']'))
        {
            while (at < to && char.IsWhiteSpace(code[at]))
            {
                at++;
            }

            if (at >= to || code[at] != '[')
            {
                return at;
            }
        }
    }

    private static int SkipGroup(string code, int at, int to, char opening, char closing)
    {
        var depth = 0;
        for (; at < to; at++)
        {
            depth += code[at] == opening ? 1 : code[at] == closing ? -1 : 0;
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return to;
    }

    /// <summary>An equals sign outside parentheses and brackets: a field's or property's value, or an expression body.</summary>
    private static bool HasInitializer(string header)
    {
        var depth = 0;
        foreach (var c in OperatorSign().Replace(header, "operator_"))
        {
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c == '=' && depth == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The word before the last parameter list; null for a property or an indexer.</summary>
    private static string? MethodName(string header)
    {
        var declaration = OperatorSign().Replace(Constraints().Replace(header, ""), "operator_");
        declaration = ConstructorCall().Replace(declaration, ")");
        var depth = 0;
        for (var at = declaration.Length - 1; at >= 0; at--)
        {
            depth += declaration[at] == ')' ? 1 : declaration[at] == '(' ? -1 : 0;
            if (declaration[at] == '(' && depth == 0)
            {
                return BeforeParameters().Match(declaration[..at]) is { Success: true } name ? name.Groups["name"].Value : null;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\b(record\s+struct|record\s+class|class|struct|interface|enum|record|namespace)\s+(?!(where|in)\b)(?<name>@?[\w.]+)|^(?<name>extension)\s*[(<]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\b(?<name>get|set|init|add|remove)\s*$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex AccessorHeader();

    [GeneratedRegex(@"(?<name>\w+)\s*(\[[^\]]*\]\s*)?$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex LastWord();

    [GeneratedRegex(@"\bwhere\s+\w+\s*:.*$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 10_000)]
    private static partial Regex Constraints();

    [GeneratedRegex(@"\)\s*:\s*(base|this)\s*\(.*$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 10_000)]
    private static partial Regex ConstructorCall();

    [GeneratedRegex(@"\boperator\s*[^\w\s(]+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex OperatorSign();

    [GeneratedRegex(@"(?<name>[\w~@.]+)\s*(<[^()]*>)?\s*$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex BeforeParameters();
}
