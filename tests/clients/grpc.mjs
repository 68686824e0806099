// Drives npm's official gRPC client: node grpc.mjs HOST:PORT PROTO_FOLDER,PROTO_FOLDER SCENARIO. Prints one JSON object of what it saw.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, folders, scenario] = process.argv.slice(2);

function load(file) {
  const options = { includeDirs: folders.split(","), longs: Number, enums: String, defaults: true };
  return grpc.loadPackageDefinition(loader.loadSync(file, options));
}

const credentials = grpc.credentials.createInsecure();
const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const connect = (Service, options = {}) => new Service(address, credentials, { ...limits, ...options });
const echo = (options) => connect(load("echo.proto").relay.tests.v1.Echo, options);

function metadata(entries = {}) {
  const all = new grpc.Metadata();
  Object.entries(entries).forEach(([name, value]) => all.set(name, value));
  return all;
}

/** What came of a unary call: reply or error, and the metadata of both ends. */
function unary(client, method, request, { meta = metadata(), options = {} } = {}) {
  return new Promise((resolve) => {
    const seen = {};
    const call = client[method](request, meta, options, (error, reply) => {
      seen.code = error ? error.code : 0;
      seen.details = error?.details;
      seen.reply = reply;
      seen.trailers = error?.metadata;
    });
    call.on("metadata", (head) => { seen.headers = head; });
    call.on("status", (status) => resolve({ ...seen, trailers: status.metadata }));
  });
}

/** What came of a server stream. */
function stream(call, onMessage = () => {}) {
  return new Promise((resolve) => {
    const messages = [];
    call.on("data", (message) => { messages.push(message); onMessage(messages.length); });
    call.on("error", () => {});
    call.on("status", (status) => resolve({ code: status.code, details: status.details, messages }));
  });
}

const scenarios = {
  async unary() {
    const bytes = Buffer.from([0, 1, 254, 255]);
    const { code, reply, headers, trailers } = await unary(echo(), "Say", { text: "hällo", data: bytes }, {
      meta: metadata({ "x-echo": "some text", "x-echo-bin": bytes }),
    });
    return {
      code, text: reply.text, data: reply.data.toString("hex"),
      header: headers.get("x-echo")[0], headerBytes: headers.get("x-echo-bin")[0].toString("hex"),
      trailer: trailers.get("x-echo-trailer")[0], trailerBytes: trailers.get("x-echo-trailer-bin")[0].toString("hex"),
    };
  },
  async stream() {
    const { code, messages } = await stream(echo().Count({ count: 1000, bytes: 100 }));
    return { code, numbers: messages.map((message) => message.number) };
  },
  async deadline() {
    const { code } = await unary(echo(), "Say", { hold: true }, { options: { deadline: Date.now() + 300 } });
    return { code };
  },
  async cancel() {
    const call = echo().Count({ count: 2, hold: true });
    const { code, messages } = await stream(call, (count) => { if (count === 2) { call.cancel(); } });
    return { code, messages: messages.length };
  },
  async error() {
    const { google } = load("google/rpc/error_details.proto");
    const { code, details, trailers } = await unary(echo(), "Say", { failKind: 10, failMessage: "Zu schnell: ümlaut", retryAfterMs: 1500 });
    const status = load("google/rpc/status.proto").google.rpc.Status;
    return {
      code, details, typed: Boolean(google.rpc.ErrorInfo && status),
      detailBytes: trailers.get("grpc-status-details-bin")[0].toString("base64"),
    };
  },
  async gzip() {
    const { code, reply } = await unary(echo({ "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip }), "Say", { text: "x".repeat(100_000) });
    return { code, length: reply.text.length };
  },
  async large() {
    const { code, details } = await unary(echo(), "Say", { data: Buffer.alloc(33 * 1024 * 1024) });
    return { code, details };
  },
  async unimplemented() {
    const { code } = await unary(echo(), "Unserved", {});
    return { code };
  },
  async health() {
    const client = connect(load("grpc/health/v1/health.proto").grpc.health.v1.Health);
    const { reply } = await unary(client, "Check", { service: "relay.tests.v1.Echo" });
    const other = await unary(client, "Check", { service: "other" });
    const call = client.Watch({ service: "" });
    const { messages } = await stream(call, () => call.cancel());
    return { status: reply.status, other: other.code, watched: messages[0].status };
  },
  async reflection() {
    const client = connect(load("grpc/reflection/v1/reflection.proto").grpc.reflection.v1.ServerReflection);
    const call = client.ServerReflectionInfo();
    const answers = stream(call);
    call.write({ listServices: "" });
    call.write({ fileContainingSymbol: "relay.tests.v1.Echo" });
    call.end();
    const { code, messages } = await answers;
    return {
      code, services: messages[0].listServicesResponse.service.map((service) => service.name),
      files: messages[1].fileDescriptorResponse.fileDescriptorProto.length,
    };
  },
  async contract() {
    const { relay } = load(["relay/v1/chat.proto", "relay/v1/stats.proto"]);
    return { chat: Object.keys(relay.v1.Chat.service), stats: Object.keys(relay.v1.Stats.service) };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
