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

// The Responses API's events, and the response that the last one repeats.
async function readResponse(extra) {
  const seen = { text: "", streamedArguments: "", events: [] };
  for await (const event of await client.responses.create({ model, input: "hello", stream: true, store: false, ...extra })) {
    seen.events.push(event.type);
    seen.text += event.type === "response.output_text.delta" ? event.delta : "";
    seen.streamedArguments += event.type === "response.function_call_arguments.delta" ? event.delta : "";
    if (event.type === "response.completed") {
      Object.assign(seen, ofResponse(event.response));
    }
  }
  return seen;
}

const ofResponse = (response) => ({
  whole: response.output.flatMap((item) => item.content ?? []).map((part) => part.text).join(""),
  calls: response.output.filter((item) => item.type === "function_call").map((item) => ({ id: item.call_id, name: item.name, arguments: item.arguments })),
  status: response.status,
  outputTokens: response.usage.output_tokens,
});

const responseTools = tools.map((tool) => ({ type: "function", ...tool.function, strict: false }));

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
  // The whole round: the call's result goes back with the message that asked for it.
  async "tool-result"() {
    const first = await client.chat.completions.create({ model, messages, tools, tool_choice: "required" });
    const asked = first.choices[0].message;
    const results = asked.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: "sunny" }));
    const second = await client.chat.completions.create({ model, messages: [...messages, asked, ...results], tools });
    return { text: second.choices[0].message.content, finish: second.choices[0].finish_reason };
  },
  async image() {
    const content = [{ type: "text", text: "hello" }, { type: "image_url", image_url: { url: "data:image/png;base64,aGVsbG8=" } }];
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content }] });
    return { text: answer.choices[0].message.content };
  },
  response: async () => ofResponse(await client.responses.create({ model, input: "hello", store: false })),
  "response-stream": () => readResponse({}),
  "response-tools": () => readResponse({ tools: responseTools, tool_choice: "required" }),
  async "response-tool-result"() {
    const options = { model, tools: responseTools, store: false };
    const input = [{ role: "user", content: "hello" }];
    const first = await client.responses.create({ ...options, input, tool_choice: "required" });
    const results = first.output.filter((item) => item.type === "function_call").map((item) => ({ type: "function_call_output", call_id: item.call_id, output: "sunny" }));
    return ofResponse(await client.responses.create({ ...options, input: [...input, ...first.output, ...results] }));
  },
  async "response-image"() {
    const content = [{ type: "input_text", text: "hello" }, { type: "input_image", image_url: "data:image/png;base64,aGVsbG8=", detail: "auto" }];
    return ofResponse(await client.responses.create({ model, input: [{ role: "user", content }], store: false }));
  },
  async "response-error"() {
    try {
      await client.responses.create({ model, input: "hello", store: false });
      return {};
    } catch (error) {
      return { class: error.constructor.name, status: error.status, code: error.code, type: error.type };
    }
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
