using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Gateway.Upstream;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>Writes the families of providers' credentials. A credential is its configured name, or its place in the list.</summary>
internal static class CredentialMetrics
{
    private static readonly CredentialOutcome[] Refusals = [CredentialOutcome.Limited, CredentialOutcome.Refused, CredentialOutcome.NoQuota];

    /// <summary>Writes them.</summary>
    public static void Write(MetricsText text, IEnumerable<ProviderClient> clients, TimeSpan now)
    {
        var all = clients.OrderBy(c => c.Options.Name, StringComparer.Ordinal)
            .SelectMany(c => c.Credentials.Credentials, (client, credential) => (Provider: client.Options.Name, Credential: credential))
            .ToArray();
        text.Family("relay_credential_state", "gauge", "Credential of a provider: 0 ready, 1 resting after a 429, 2 out (refused, or no quota).");
        foreach (var (provider, credential) in all)
        {
            text.Sample((int)credential.Snapshot(now).State, "provider", provider, "credential", credential.Name);
        }

        text.Family("relay_credential_attempts_total", "counter", "Attempts by the credential that they were sent with.");
        foreach (var (provider, credential) in all)
        {
            text.Sample(credential.Attempts, "provider", provider, "credential", credential.Name);
        }

        text.Family("relay_credential_refusals_total", "counter", "Attempts that failed for their credential, by kind.");
        foreach (var (provider, credential) in all)
        {
            foreach (var outcome in Refusals)
            {
                if (credential.Refusals(outcome) is > 0 and var count)
                {
                    text.Sample(count, "provider", provider, "credential", credential.Name, "error_type", outcome.Kind().Label());
                }
            }
        }
    }
}
