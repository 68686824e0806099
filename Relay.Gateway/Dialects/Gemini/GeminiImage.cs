using System.Buffers;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes an inlineData part of an answer, as image models give, as an image with a data URL: chat completions have no field for it, <c>images</c> is what other gateways use.</summary>
internal static class GeminiImage
{
    /// <summary>Writes the images member with one image, without commas around it.</summary>
    public static void WriteMember(in GeminiPart part, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        to.Write("\"images\":["u8);
        WriteImage(part, data, to);
        to.Write("]"u8);
    }

    /// <summary>Writes one image.</summary>
    public static void WriteImage(in GeminiPart part, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        to.Write("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:"u8);
        to.Write(part.MimeType.Inner(data));
        to.Write(";base64,"u8);
        to.Write(part.Data.Inner(data));
        to.Write("\"}}"u8);
    }
}
