namespace Relay.Simulator;

/// <summary>The words of answers. A few are not ASCII, so that UTF-8 and escaping are exercised by every answer.</summary>
internal static class Vocabulary
{
    public static readonly string[] Words =
    [
        .. ("river signal amber quiet harbor lantern meadow copper window garden ladder velvet thunder pocket mirror "
            + "silver winter candle bridge orchard paper marble engine canyon forest island needle ribbon saddle timber "
            + "valley whisper yellow anchor basket cobalt desert echo feather glacier hollow ivory jacket kettle lemon "
            + "magnet nectar ocean pebble quartz rocket summit temple umbrella violet walnut zephyr acorn beacon cedar "
            + "dune ember fable grove hazel indigo jasper kernel ledger maple nimbus olive prairie quill raven slate "
            + "thistle upland vessel willow yonder zenith atlas birch clover drift elm falcon gravel heron inlet juniper "
            + "knoll lagoon mosaic nook opal plume ridge spruce trellis vista wren apron bramble crescent dapple "
            + "café naïve Zürich señor 東京 żuraw 🚀 \"quoted\" back\\slash").Split(' '),
    ];
}
