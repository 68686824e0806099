using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Api.Http;

/// <summary>Providers and how their credentials stand.</summary>
internal static class ProviderEndpoints
{
    /// <summary>Maps <c>/api/v1/providers</c>.</summary>
    public static void MapProviders(this IEndpointRouteBuilder routes, ITopology topology, TimeProvider time) =>
        routes.MapMethods("/api/v1/providers", Methods.Read, context => GetAsync(context, topology, time));

    private static async Task GetAsync(HttpContext context, ITopology topology, TimeProvider time)
    {
        await using var answer = new JsonAnswer(context);
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("generatedAt"u8, time.GetUtcNow().UtcDateTime);
        json.WriteStartArray("providers"u8);
        foreach (var provider in topology.Providers)
        {
            json.WriteStartObject();
            json.WriteString("provider"u8, provider.Provider);
            json.WriteString("dialect"u8, provider.Dialect);
            json.WriteStartArray("credentials"u8);
            foreach (var credential in provider.Credentials)
            {
                Write(json, credential);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, CredentialReport credential)
    {
        json.WriteStartObject();
        json.WriteString("credential"u8, credential.Name);
        json.WriteNumber("weight"u8, credential.Weight);
        json.WriteString("state"u8, credential.State switch { CredentialState.Ready => "ready", CredentialState.Resting => "resting", _ => "out" });
        json.WriteString("reason"u8, credential.Reason == ErrorKind.None ? null : credential.Reason.Label());
        json.WriteString("since"u8, credential.Since.UtcDateTime);
        if (credential.Until is { } until)
        {
            json.WriteString("until"u8, until.UtcDateTime);
        }
        else
        {
            json.WriteNull("until"u8);
        }

        json.WriteNumber("attempts"u8, credential.Attempts);
        json.WriteEndObject();
    }
}
