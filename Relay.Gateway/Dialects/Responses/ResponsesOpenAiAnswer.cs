using System.Buffers;
using System.Text;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes a chat.completion as a response object.</summary>
internal static class ResponsesOpenAiAnswer
{
    /// <summary>Writes it; see <see cref="IClientDialect.WriteAnswer"/>.</summary>
    public static void Write(ReadOnlySpan<byte> chat, ResponsesEcho echo, IBufferWriter<byte> to)
    {
        var reply = new HubReply();
        reply.TryRead(chat);
        var response = new ResponsesObject(echo, ResponsesObject.SuffixOf(Encoding.UTF8.GetString(reply.Id.Inner(chat)))) { Created = reply.Created, Usage = reply.Usage };
        if (reply.Model.IsPresent)
        {
            response.UseModel(reply.Model.Of(chat));
        }

        var output = new ResponsesOutput(response, new ResponsesEvents());
        output.Add(reply, chat);
        var isCut = reply.Finish is HubFinish.Length or HubFinish.Filtered;
        output.Close(isCut);
        response.Write(isCut ? "incomplete"u8 : "completed"u8, new ResponsesEnd(reply.Finish, default), to);
    }
}
