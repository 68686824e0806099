using Relay.Core.Credentials;
using Relay.Core.Errors;

namespace Relay.Silo.Grains;

/// <summary>A provider and its credentials.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Dialect">What it speaks: <c>openai</c>, <c>azure</c>, <c>anthropic</c> or <c>gemini</c>.</param>
/// <param name="Credentials">Its credentials in configured order; none where it needs none.</param>
public sealed record ProviderReport(string Provider, string Dialect, IReadOnlyList<CredentialReport> Credentials);

/// <summary>How a credential stands. Of the credential itself nothing is in it.</summary>
/// <param name="Name">Its name, or its place in the list.</param>
/// <param name="Weight">Its share of the attempts.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">The kind of error that brought it there; None when it is ready.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Until">Resting: until when. Out: when it is tried next. Ready: null.</param>
/// <param name="Attempts">Attempts that used it since the process started.</param>
public sealed record CredentialReport(
    string Name, int Weight, CredentialState State, ErrorKind Reason, DateTimeOffset Since, DateTimeOffset? Until, long Attempts);
