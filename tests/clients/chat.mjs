// Drives npm's official gRPC client against Relay's chat service: node chat.mjs PROTOS HOST:PORT SCENARIO. Prints one JSON object of what it saw.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [protos, address, scenario] = process.argv.slice(2);
const load = (file) => grpc.loadPackageDefinition(loader.loadSync(file, { includeDirs: [protos], longs: Number, enums: String, defaults: true, oneofs: true }));
const { relay } = load("relay/v1/chat.proto");
const chat = new relay.v1.Chat(address, grpc.credentials.createInsecure());
const key = new grpc.Metadata();
key.set("authorization", "Bearer relay-key-of-alice");
const soon = (ms = 20_000) => ({ deadline: Date.now() + ms });
const ask = (text = "hello", fields = {}) => ({ model: "chat-default", messages: [{ role: "ROLE_USER", text }], ...fields });

/** A unary call: the answer, or the error, with the metadata of both ends. */
function unary(request, metadata = key, options = soon()) {
  return new Promise((resolve) => {
    let headers;
    const call = chat.complete(request, metadata, options, (error, answer) => setImmediate(() => resolve({ error, answer, headers })));
    call.on("metadata", (head) => { headers = head; });
  });
}

/** A stream: what came, and how it ended. */
function stream(request, metadata = key, onChunk = () => {}) {
  return new Promise((resolve) => {
    const chunks = [];
    let headers;
    const call = chat.stream(request, metadata, soon());
    call.on("metadata", (head) => { headers = head; });
    call.on("data", (chunk) => { chunks.push(chunk); onChunk(call); });
    call.on("error", () => {});
    call.on("status", (status) => resolve({ chunks, headers, error: status.code === 0 ? null : status }));
  });
}

const id = (metadata) => metadata?.get("x-relay-request-id")[0];
const text = (chunks) => chunks.flatMap((chunk) => chunk.choices).map((choice) => choice.text).join("");

function failed(error) {
  const bytes = error.metadata?.get("grpc-status-details-bin")[0];
  return { status: error.code, message: error.details, requestId: id(error.metadata), details: bytes ? bytes.toString("base64") : null };
}

const scenarios = {
  async complete() {
    const { answer, headers } = await unary(ask());
    return {
      text: answer.choices[0].message.text, requestId: answer.relay.requestId, target: answer.relay.target,
      header: id(headers), tokens: answer.usage.tokens.total, nanoUsd: answer.relay.costNanoUsd,
    };
  },
  async stream() {
    const { chunks, headers } = await stream(ask());
    const last = chunks.at(-1);
    return {
      text: text(chunks), requestId: chunks[0].relay.requestId, header: id(headers), target: last.relay.target,
      tokens: last.usage.tokens.total, nanoUsd: last.relay.costNanoUsd, rescues: last.relay.rescues.map((rescue) => [rescue.from, rescue.to, rescue.error]),
    };
  },
  async tool() {
    const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const request = ask("use the tool", { tools: [{ name: "weather", parametersJson: JSON.stringify(schema) }] });
    const asked = (await unary(request)).answer.choices[0].message;
    const [call] = asked.toolCalls;
    request.messages.push(asked, { role: "ROLE_TOOL", toolCallId: call.id, text: "sunny" });
    const { answer } = await unary(request);
    return { name: call.name, city: "city" in JSON.parse(call.arguments), text: answer.choices[0].message.text };
  },
  async deadline() {
    return failed((await unary(ask(), key, soon(2_000))).error);
  },
  async cancel() {
    const { chunks, error } = await stream(ask(), key, (call) => call.cancel());
    return { status: error.code, attempts: chunks[0].relay.attempts };
  },
  async refused() {
    const request = ask("hello", { extra: { fields: { temperature: { numberValue: 1 } } } });
    return {
      field: failed((await unary(request)).error),
      key: failed((await unary(request, new grpc.Metadata())).error),
      stream: failed((await stream(request)).error),
    };
  },
  async broken() {
    const { chunks, error } = await stream(ask());
    return { ...failed(error), text: text(chunks) };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
