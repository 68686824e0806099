using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Gateway.Auth;
using Relay.Gateway.Config;
using Relay.Gateway.Config.Reading;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Overrides;

/// <summary>What a request changes for itself through its headers, as far as its key may; docs/requests.md is this in words.</summary>
internal sealed record RequestOverrides
{
    /// <summary>The client's own deadline in milliseconds from the request's arrival.</summary>
    public const string TimeoutHeader = "x-relay-timeout-ms";

    /// <summary><c>true</c>: no target is asked twice.</summary>
    public const string NoRetryHeader = "x-relay-no-retry";

    /// <summary><c>team=a,job=b</c>: kept in the record.</summary>
    public const string TagsHeader = "x-relay-tags";

    /// <summary><c>provider/upstream-model</c>: the one target that is asked.</summary>
    public const string TargetHeader = "x-relay-target";

    /// <summary><c>model-b, model-c</c>: models whose targets follow, in order.</summary>
    public const string FallbacksHeader = "x-relay-fallbacks";

    private const int MaxTimeoutMs = 86_400_000;

    /// <summary>Nothing is changed.</summary>
    public static RequestOverrides None { get; } = new();

    /// <summary>How long the client waits; null: not told.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>No target is asked twice.</summary>
    public bool NoRetry { get; private init; }

    /// <summary>What the record is tagged with.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Tags { get; private init; } = [];

    /// <summary>The name of the one target; null: any.</summary>
    public string? Target { get; private init; }

    /// <summary>The names of further models, with commas between; null: none.</summary>
    public string? Fallbacks { get; private init; }

    /// <summary>Reads them; an error names the header and the fix.</summary>
    public static RelayError? Read(IHeaderDictionary headers, KnownKey? key, out RequestOverrides overrides)
    {
        overrides = None;
        string? noRetry = null, tags = null, target = null, fallbacks = null;
        var error = Take(headers, TimeoutHeader, OverrideKinds.Timeout, key, out var timeout)
            ?? Take(headers, NoRetryHeader, OverrideKinds.Retry, key, out noRetry)
            ?? Take(headers, TagsHeader, OverrideKinds.Tags, key, out tags)
            ?? Take(headers, TargetHeader, OverrideKinds.Target, key, out target)
            ?? Take(headers, FallbacksHeader, OverrideKinds.Fallbacks, key, out fallbacks);
        if (error is not null || (timeout ?? noRetry ?? tags ?? target ?? fallbacks) is null)
        {
            return error;
        }

        var wait = TimeSpan.Zero;
        var isOnce = false;
        var tagged = ImmutableArray<KeyValuePair<string, string>>.Empty;
        error = ReadTimeout(timeout, ref wait) ?? ReadNoRetry(noRetry, ref isOnce) ?? RequestTags.Read(tags, ref tagged);
        if (target is not null && fallbacks is not null)
        {
            error ??= Invalid(FallbacksHeader, $"{TargetHeader} leaves no other target, so that {FallbacksHeader} contradicts it. Send one of the two.");
        }

        overrides = new() { Timeout = timeout is null ? null : wait, NoRetry = isOnce, Tags = tagged, Target = target, Fallbacks = fallbacks };
        return error;
    }

    /// <summary>A header that says something wrong.</summary>
    public static RelayError Invalid(string header, string message) => new(ErrorKind.InvalidRequest, message, header);

    private static RelayError? Take(IHeaderDictionary headers, string name, OverrideKinds kind, KnownKey? key, out string? value)
    {
        value = null;
        var values = headers[name];
        if (values.Count == 0)
        {
            return null;
        }

        if (key?.Overrides.HasFlag(kind) == false)
        {
            return new(ErrorKind.Permission, $"The key '{key.Name}' may not send {name}. Leave the header out, or have \"{OverridesReader.NameOf(kind)}\" added to the key's \"overrides\" in Relay's configuration.", name);
        }

        if (values.Count > 1)
        {
            return Invalid(name, $"{name} is there {values.Count} times. Send it once.");
        }

        value = values[0]!.Trim();
        return value.Length == 0 ? Invalid(name, $"{name} is empty. Give it a value, or leave it out.") : null;
    }

    private static RelayError? ReadTimeout(string? text, ref TimeSpan timeout)
    {
        if (text is null)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms is 0 or > MaxTimeoutMs)
        {
            return Invalid(TimeoutHeader, $"{TimeoutHeader} must be whole milliseconds from 1 to {MaxTimeoutMs}.");
        }

        timeout = TimeSpan.FromMilliseconds(ms);
        return null;
    }

    private static RelayError? ReadNoRetry(string? text, ref bool noRetry)
    {
        noRetry = text is "true";
        return text is null or "true" or "false" ? null : Invalid(NoRetryHeader, $"{NoRetryHeader} must be true or false.");
    }
}
