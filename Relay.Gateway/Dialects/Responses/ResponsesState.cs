using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>What only a server that keeps responses can do. store is not among it: a response that is not kept says the same.</summary>
internal static class ResponsesState
{
    /// <summary>Refuses a request that means something else without it.</summary>
    public static void Refuse(Field request)
    {
        Refuse(request["previous_response_id"], "refers to a stored response, and Relay stores none. Send the whole conversation in \"input\", with the items of the earlier output.");
        Refuse(request["conversation"], "refers to a stored conversation, and Relay stores none. Send the whole conversation in \"input\".");
        Refuse(request["prompt"], "refers to a stored prompt, which Relay cannot see. Send its text in \"instructions\" and \"input\".");
        Refuse(request["moderation"], "is not carried over: the answer would come unmoderated. Leave it out, and call the moderation of your choice.");
        var background = request["background"];
        if (background.Flag() == true)
        {
            throw background.Refuse("needs a server that stores responses, and Relay stores none. Leave it out, and use \"stream\" for long answers.");
        }

        if (request["store"] is { IsPresent: true } store)
        {
            store.Flag();
        }
    }

    private static void Refuse(Field field, string why)
    {
        if (field.IsPresent && field.Kind != JsonValueKind.False)
        {
            throw field.Refuse(why);
        }
    }
}
