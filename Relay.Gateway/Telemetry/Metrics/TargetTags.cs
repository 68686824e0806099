using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>What a target is called in spans and metrics: made once, so that a measurement allocates nothing. Configured names only.</summary>
internal sealed class TargetTags
{
    private readonly KeyValuePair<string, object?>[] _place;
    private readonly Series?[] _series = new Series?[3];
    private readonly string?[] _spans = new string?[3];
    private readonly string _model;

    /// <summary>Creates them.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="name">The target's name, <c>provider/upstream-model</c>; a wildcard's keeps its <c>*</c>.</param>
    public TargetTags(ProviderOptions provider, string name)
    {
        Provider = GenAi.ProviderOf(provider);
        Address = provider.BaseUrl.Host;
        Port = provider.BaseUrl.Port;
        _model = name[(provider.Name.Length + 1)..];
        _place =
        [
            new(GenAi.ProviderName, Provider),
            new(GenAi.RequestModel, _model),
            new(GenAi.ServerAddress, Address),
            new(GenAi.ServerPort, Port),
        ];
    }

    /// <summary><c>gen_ai.provider.name</c>.</summary>
    public string Provider { get; }

    /// <summary>The provider's host.</summary>
    public string Address { get; }

    /// <summary>Its port.</summary>
    public object Port { get; }

    /// <summary>The name of the spans of attempts at an endpoint: <c>chat gpt-4.1</c>.</summary>
    public string SpanOf(EndpointKind endpoint) => _spans[(int)endpoint] ??= $"{GenAi.OperationOf(endpoint)} {_model}";

    /// <summary>The tags of attempts at an endpoint.</summary>
    public Series For(EndpointKind endpoint) => _series[(int)endpoint] ??= new(Provider, [new(GenAi.OperationName, GenAi.OperationOf(endpoint)), .. _place]);
}

/// <summary>The tags of one series, and of those that differ from it in one more tag.</summary>
/// <param name="provider">Which kind of provider they name.</param>
/// <param name="tags">The tags.</param>
internal sealed class Series(string provider, KeyValuePair<string, object?>[] tags)
{
    private readonly KeyValuePair<string, object?>[]?[] _errors = new KeyValuePair<string, object?>[]?[ErrorTable.Count];

    /// <summary>Which kind of provider they name.</summary>
    public string Provider => provider;

    /// <summary>As they are.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>With <c>gen_ai.token.type</c> input.</summary>
    public KeyValuePair<string, object?>[] Input => field ??= [.. tags, new(GenAi.TokenType, "input")];

    /// <summary>With <c>gen_ai.token.type</c> output.</summary>
    public KeyValuePair<string, object?>[] Output => field ??= [.. tags, new(GenAi.TokenType, "output")];

    /// <summary>With <c>error.type</c> where something went wrong.</summary>
    public KeyValuePair<string, object?>[] Ended(ErrorKind error) =>
        error == ErrorKind.None ? tags : _errors[(int)error] ??= [.. tags, new(GenAi.ErrorType, error.Label())];
}
