using System.Reflection;

namespace Tidy.Tests;

/// <summary>The documentation ids (T:, M:, P:, F:, E:) of the platform's public types, as analyzers spell them.</summary>
public static class DocumentationId
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<Dictionary<string, Type>> Platform = new(() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name!.StartsWith("System.", StringComparison.Ordinal))
            .SelectMany(name => Assembly.Load(name!).GetExportedTypes())
            .DistinctBy(TypeName)
            .ToDictionary(TypeName));

    /// <summary>Whether the id names something. Only types under System are known here; others are taken at their word.</summary>
    public static bool Resolves(string id)
    {
        var name = id[2..].Split('(')[0];
        if (!name.StartsWith("System.", StringComparison.Ordinal))
        {
            return true;
        }

        return id[0] switch
        {
            'T' => Platform.Value.ContainsKey(name),
            'N' => Platform.Value.Values.Any(type => type.Namespace == name),
            _ => Platform.Value.TryGetValue(name[..name.LastIndexOf('.')], out var type) && type.GetMembers(Public).Select(Of).Contains(id),
        };
    }

    public static string Of(MemberInfo member)
    {
        var name = $"{TypeName(member.DeclaringType!)}.{member.Name.Replace('.', '#')}";
        return member switch
        {
            ConstructorInfo constructor => $"M:{name}{Parameters(constructor)}",
            MethodInfo method => $"M:{name}{(method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")}{Parameters(method)}",
            PropertyInfo => $"P:{name}",
            FieldInfo => $"F:{name}",
            EventInfo => $"E:{name}",
            _ => $"T:{name}",
        };
    }

    private static string TypeName(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string Parameters(MethodBase method)
    {
        var types = method.GetParameters().Select(parameter => Reference(parameter.ParameterType)).ToArray();
        return types.Length == 0 ? "" : $"({string.Join(',', types)})";
    }

    private static string Reference(Type type)
    {
        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (type.HasElementType)
        {
            return Reference(type.GetElementType()!) + (type.IsByRef ? "@" : type.IsPointer ? "*" : "[]");
        }

        if (!type.IsGenericType)
        {
            return TypeName(type);
        }

        var open = TypeName(type.GetGenericTypeDefinition());
        return $"{open[..open.LastIndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(Reference))}}}";
    }
}
