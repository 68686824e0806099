using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads PEM files that the configuration names, and follows them. No error repeats what is in them.</summary>
internal static class PemReader
{
    /// <summary>The largest file: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string EncryptedKey = "ENCRYPTED PRIVATE KEY";

    /// <summary>The certificates in a file, at least one. Null after an error.</summary>
    public static PemCertificates? Certificates(JsonCursor at)
    {
        if (Text(at, "the certificate file") is not { } file)
        {
            return null;
        }

        var pem = new PemCertificates(file.Text);
        try
        {
            var all = pem.Load();
            foreach (var certificate in all)
            {
                certificate.Dispose();
            }

            if (all.Count > 0)
            {
                return pem;
            }
        }
        catch (CryptographicException)
        {
            at.Error($"a certificate in {file.Shown} is broken", "copy the file again; each certificate stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----");
            return null;
        }

        at.Error(
            file.Text.Contains("-----BEGIN ", StringComparison.Ordinal) ? $"there is no certificate in {file.Shown}" : $"{file.Shown} is not PEM",
            "name a file with -----BEGIN CERTIFICATE----- in it; to make one: openssl x509 -inform der -in FILE -out FILE.pem");
        return null;
    }

    /// <summary>The private key in a file, which must belong to the first of the certificates. Null after an error.</summary>
    /// <param name="at">The field.</param>
    /// <param name="certificates">The certificates.</param>
    public static Secret? Key(JsonCursor at, PemCertificates certificates)
    {
        if (Text(at, "the key file") is not { } file)
        {
            return null;
        }

        var labels = Labels(file.Text);
        if (labels.Contains(EncryptedKey, StringComparer.Ordinal) || file.Text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            at.Error($"the key in {file.Shown} is encrypted", "name a file with the key alone, readable only by the user that runs Relay; to make one: openssl pkey -in FILE -out FILE.key");
            return null;
        }

        if (!labels.Exists(label => label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)))
        {
            at.Error($"there is no private key in {file.Shown}", "name a file with -----BEGIN PRIVATE KEY----- in it");
            return null;
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificates.Text, file.Text);
            return new(file.Text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            at.Error(
                $"the key in {file.Shown} is broken or does not belong to the certificate",
                "name the certificate's own key: openssl x509 -in CERT -noout -pubkey and openssl pkey -in KEY -pubout print the same for a pair");
            return null;
        }
    }

    private static List<string> Labels(string text)
    {
        var labels = new List<string>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            labels.Add(rest[found.Label].ToString());
            rest = rest[found.Location.End..];
        }

        return labels;
    }

    /// <summary>A file's text and how to name it. Null after an error, and for a file that is only assumed to be there.</summary>
    private static (string Text, string Shown)? Text(JsonCursor at, string what)
    {
        if (at.AsString("write the path of a PEM file") is not { } path || PathReader.Resolve(path, at) is not { } full)
        {
            return null;
        }

        var file = at.Context.ReadSecret(full, MaxBytes);
        var (problem, fix) = file.Status switch
        {
            FileReadStatus.Missing => ("is not there", "create it, or correct the path, which starts from the configuration file's folder"),
            FileReadStatus.TooLarge => ($"is larger than {MaxBytes / 1024 / 1024} MiB", "check that it is the right file"),
            FileReadStatus.Unreadable => ("cannot be read", "let the user that runs Relay read it, and check that it is a file"),
            _ => (null, ""),
        };
        if (problem is not null)
        {
            at.Error($"{what} {SafeText.Show(full)} {problem}", fix);
            return null;
        }

        var text = Encoding.Latin1.GetString(file.Bytes.Span);
        return at.Context.Environment.IsStandIn(text) ? null : (text, SafeText.Show(full));
    }
}
