// Drives npm's official client: node openai.mjs BASE_URL MODEL SCENARIO. Prints one JSON object of what it saw.
import OpenAI from "openai";
import { tell } from "./tell.mjs";

const [baseURL, model, scenario] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "unused" });
const messages = [{ role: "user", content: "hello" }];
const tools = [{
  type: "function",
  function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
}];

async function readStream(extra) {
  const seen = { text: "", completionTokens: null, chunksWithoutChoices: 0, chunks: 0, streamedName: "", streamedArguments: "" };
  try {
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, ...extra })) {
      seen.chunks += 1;
      seen.completionTokens = chunk.usage?.completion_tokens ?? seen.completionTokens;
      if (chunk.choices.length === 0) {
        seen.chunksWithoutChoices += 1;
        continue;
      }
      const delta = chunk.choices[0].delta;
      seen.text += delta.content ?? "";
      seen.streamedName += delta.tool_calls?.[0].function?.name ?? "";
      seen.streamedArguments += delta.tool_calls?.[0].function?.arguments ?? "";
    }
  } catch (error) {
    seen.message = error.message;
  }
  return seen;
}

const scenarios = {
  async chat() {
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    return {
      text: data.choices[0].message.content,
      finish: data.choices[0].finish_reason,
      completionTokens: data.usage.completion_tokens,
      target: response.headers.get("x-relay-target"),
    };
  },
  stream: () => readStream({}),
  "stream-usage": () => readStream({ stream_options: { include_usage: true } }),
  "stream-error": () => readStream({}),
  async tools() {
    const whole = await client.chat.completions.create({ model, messages, tools, tool_choice: "required" });
    const call = whole.choices[0].message.tool_calls[0].function;
    return { ...(await readStream({ tools, tool_choice: "required" })), name: call.name, arguments: call.arguments };
  },
  async embeddings() {
    const answer = await client.embeddings.create({ model, input: ["one", "two"] });
    return { lengths: answer.data.map((e) => e.embedding.length) };
  },
  async error() {
    try {
      await client.chat.completions.create({ model, messages });
      return {};
    } catch (error) {
      return { class: error.constructor.name, status: error.status, code: error.code, type: error.type, param: error.param };
    }
  },
  async abort() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let chunks = 0;
    for await (const chunk of stream) {
      chunks += 1;
      if (chunk.choices[0].delta.content) {
        stream.controller.abort();
      }
    }
    return { chunks };
  },
};

await tell(scenario, scenarios[scenario]);
