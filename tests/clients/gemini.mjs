// Drives npm's official client: node gemini.mjs BASE_URL MODEL SCENARIO. Prints one JSON object of what it saw.
import { FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import { tell } from "./tell.mjs";

const [baseUrl, model, scenario] = process.argv.slice(2);
const client = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl } });
const contents = "hello";
const tools = [{ functionDeclarations: [{ name: "get_weather", parameters: { type: "OBJECT", properties: { city: { type: "STRING" } }, required: ["city"] } }] }];
const anyTool = { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } };

function add(seen, response) {
  const candidate = response.candidates?.[0];
  for (const part of candidate?.content?.parts ?? []) {
    if (part.functionCall) {
      seen.calls.push({ name: part.functionCall.name, arguments: JSON.stringify(part.functionCall.args) });
    } else {
      seen[part.thought ? "thinking" : "text"] += part.text ?? "";
    }
  }
  seen.finish = candidate?.finishReason ?? seen.finish;
  seen.blocked = response.promptFeedback?.blockReason ?? seen.blocked;
  seen.promptTokens = response.usageMetadata?.promptTokenCount;
  seen.answerTokens = response.usageMetadata?.candidatesTokenCount;
  seen.thoughtTokens = response.usageMetadata?.thoughtsTokenCount;
  return seen;
}

const nothing = () => ({ text: "", thinking: "", calls: [], finish: null, blocked: null, chunks: 0 });

const ask = async (config, asked = contents) => add(nothing(), await client.models.generateContent({ model, contents: asked, config }));

async function readStream(config) {
  const seen = nothing();
  try {
    for await (const chunk of await client.models.generateContentStream({ model, contents, config })) {
      seen.chunks += 1;
      add(seen, chunk);
    }
  } catch (error) {
    Object.assign(seen, ofError(error));
  }
  return seen;
}

const ofError = (error) => ({ class: error.constructor.name, status: error.status, message: error.message });

const scenarios = {
  chat: () => ask({}),
  stream: () => readStream({}),
  thinking: () => readStream({ thinkingConfig: { includeThoughts: true } }),
  async tools() {
    return { whole: (await ask(anyTool)).calls, ...(await readStream(anyTool)) };
  },
  // The whole round: the call's result goes back with the content that asked for it.
  async "tool-result"() {
    const first = await client.models.generateContent({ model, contents, config: anyTool });
    const parts = first.functionCalls.map((call) => ({ functionResponse: { id: call.id, name: call.name, response: { result: "sunny" } } }));
    return ask({ tools }, [{ role: "user", parts: [{ text: contents }] }, first.candidates[0].content, { role: "user", parts }]);
  },
  image: () => ask({}, [{ role: "user", parts: [{ text: "hello" }, { inlineData: { mimeType: "image/png", data: "aGVsbG8=" } }] }]),
  json: () => ask({ responseMimeType: "application/json", responseSchema: { type: "OBJECT", properties: { city: { type: "STRING" } } } }),
  system: () => ask({ systemInstruction: "be brief", temperature: 0.5, maxOutputTokens: 5, stopSequences: ["nowhere"] }),
  async count() {
    return { totalTokens: (await client.models.countTokens({ model, contents })).totalTokens };
  },
  async error() {
    try {
      await ask({});
      return {};
    } catch (error) {
      return ofError(error);
    }
  },
};

await tell(scenario, scenarios[scenario]);
