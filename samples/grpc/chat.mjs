// Asks a model through Relay's gRPC port: node chat.mjs [HOST:PORT [MODEL]]. Relay's key, where it has keys, is read from RELAY_KEY.
// To be run in the repository's folder, where protos/ is; docs/grpc.md says what it needs.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address = "127.0.0.1:8081", model = "chat-default"] = process.argv.slice(2);
const files = loader.loadSync("relay/v1/chat.proto", { includeDirs: ["protos"], longs: Number, enums: String, defaults: true, oneofs: true });
const { relay } = grpc.loadPackageDefinition(files);
const chat = new relay.v1.Chat(address, grpc.credentials.createInsecure());

const metadata = new grpc.Metadata();
if (process.env.RELAY_KEY) {
  metadata.set("authorization", `Bearer ${process.env.RELAY_KEY}`);
}

const deadline = () => ({ deadline: Date.now() + 60_000 });
const ask = (text, name = model) => ({ model: name, messages: [{ role: "ROLE_USER", text }], maxCompletionTokens: 8 });
const complete = (request) => new Promise((resolve, reject) => {
  chat.complete(request, metadata, deadline(), (error, answer) => (error ? reject(error) : resolve(answer)));
});

/** How Relay got an answer, from a ChatResponse or the last ChatChunk. */
function tell({ relay: info, usage }) {
  console.log(`  ${info.target}, ${info.attempts} attempt(s), ${usage.tokens.total} tokens, ${(info.costNanoUsd / 1e9).toFixed(6)} USD`);
  for (const rescue of info.rescues) {
    console.log(`  ${rescue.from} broke after ${rescue.sentBytes} bytes, ${rescue.to} went on`);
  }
}

console.log("Complete:");
const answer = await complete(ask("Hello"));
console.log(`  ${answer.choices[0].message.text}`);
tell(answer);

console.log("Stream:");
process.stdout.write("  ");
let last;
for await (const chunk of chat.stream(ask("Hello"), metadata, deadline())) {
  chunk.choices.forEach((choice) => process.stdout.write(choice.text));
  last = chunk;
}
console.log();
tell(last);

console.log("A model that is not there:");
try {
  await complete(ask("Hello", "nobody"));
} catch (error) {
  console.log(`  ${grpc.status[error.code]}: ${error.details}`);
}

chat.close();
