// Drives npm's official client: node anthropic.mjs BASE_URL MODEL SCENARIO. Prints one JSON object of what it saw.
import Anthropic from "@anthropic-ai/sdk";
import { tell } from "./tell.mjs";

const [baseURL, model, scenario] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey: "unused", maxRetries: 0 });
const ask = { model, max_tokens: 4096, messages: [{ role: "user", content: "hello" }] };
const tools = [{ name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } }];

function ofMessage(message) {
  const of = (type) => message.content.filter((block) => block.type === type);
  return {
    text: of("text").map((block) => block.text).join(""),
    thinking: of("thinking").map((block) => block.thinking).join(""),
    signatures: of("thinking").map((block) => block.signature),
    calls: of("tool_use").map((block) => ({ id: block.id, name: block.name, arguments: JSON.stringify(block.input) })),
    stop: message.stop_reason,
    inputTokens: message.usage.input_tokens,
    outputTokens: message.usage.output_tokens,
  };
}

// The helper that puts a streamed message together, and its events as they came.
async function readStream(extra) {
  const seen = { events: [] };
  try {
    const stream = client.messages.stream({ ...ask, ...extra });
    stream.on("streamEvent", (event) => seen.events.push(event.type));
    Object.assign(seen, ofMessage(await stream.finalMessage()));
  } catch (error) {
    Object.assign(seen, ofError(error));
  }
  return seen;
}

const ofError = (error) => ({ class: error.constructor.name, status: error.status, type: error.type, message: error.message, requestId: error.requestID });

const scenarios = {
  async chat() {
    return ofMessage(await client.messages.create(ask));
  },
  stream: () => readStream({}),
  thinking: () => readStream({ thinking: { type: "enabled", budget_tokens: 1024 } }),
  async tools() {
    const whole = ofMessage(await client.messages.create({ ...ask, tools, tool_choice: { type: "any" } }));
    return { whole: whole.calls, ...(await readStream({ tools, tool_choice: { type: "any" } })) };
  },
  // The whole round: the call's result goes back with the message that asked for it.
  async "tool-result"() {
    const first = await client.messages.create({ ...ask, tools, tool_choice: { type: "any" } });
    const results = first.content.filter((b) => b.type === "tool_use").map((b) => ({ type: "tool_result", tool_use_id: b.id, content: "sunny" }));
    const messages = [...ask.messages, { role: "assistant", content: first.content }, { role: "user", content: results }];
    return ofMessage(await client.messages.create({ ...ask, messages, tools }));
  },
  async image() {
    const content = [{ type: "text", text: "hello" }, { type: "image", source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" } }];
    return ofMessage(await client.messages.create({ ...ask, messages: [{ role: "user", content }] }));
  },
  async count() {
    return client.messages.countTokens({ model, messages: ask.messages });
  },
  async error() {
    try {
      await client.messages.create(ask);
      return {};
    } catch (error) {
      return ofError(error);
    }
  },
  async abort() {
    const stream = await client.messages.create({ ...ask, stream: true });
    let events = 0;
    for await (const event of stream) {
      events += 1;
      if (event.type === "content_block_delta") {
        stream.controller.abort();
      }
    }
    return { events };
  },
};

await tell(scenario, scenarios[scenario]);
