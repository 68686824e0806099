using System.Buffers;
using System.Text;
using Relay.Core.Errors;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes a chat.completion as a response object.</summary>
internal static class ResponsesOpenAiAnswer
{
    /// <summary>Writes it; see <see cref="IClientDialect.WriteAnswer"/>.</summary>
    public static void Write(ReadOnlySpan<byte> chat, ResponsesEcho echo, IBufferWriter<byte> to)
    {
        var reply = new HubReply();
        var isRead = reply.TryRead(chat);
        var response = new ResponsesObject(echo, ResponsesObject.SuffixOf(Encoding.UTF8.GetString(reply.Id.Inner(chat)))) { Created = reply.Created, Usage = reply.Usage };
        if (reply.Model.IsPresent)
        {
            response.UseModel(reply.Model.Of(chat));
        }

        if (!isRead)
        {
            // The gateway hands over no such answer; if it did, an empty response must not pass for a whole one.
            var error = ResponsesError.Object(ErrorKind.Malformed, "The answer cannot be read.");
            response.Write("failed"u8, new ResponsesEnd(HubFinish.None, error), to);
            return;
        }

        var output = new ResponsesOutput(response, new ResponsesEvents());
        output.Add(reply, chat);
        var isCut = reply.Finish is HubFinish.Length or HubFinish.Filtered;
        output.Close(isCut);
        response.Write(isCut ? "incomplete"u8 : "completed"u8, new ResponsesEnd(reply.Finish, default), to);
    }
}
