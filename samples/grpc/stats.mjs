// Asks what Relay knows of its models: node stats.mjs [API_HOST:PORT [GATEWAY_HOST:PORT]]. It sends one chat request, so that there is
// something to know. To be run in the repository's folder, where protos/ is; docs/grpc.md says what it needs.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [api = "127.0.0.1:8091", gateway = "127.0.0.1:8081"] = process.argv.slice(2);
const files = loader.loadSync(["relay/v1/stats.proto", "relay/v1/chat.proto"], { includeDirs: ["protos"], longs: Number, enums: String, defaults: true, oneofs: true });
const { relay } = grpc.loadPackageDefinition(files);
const stats = new relay.v1.Stats(api, grpc.credentials.createInsecure());
const chat = new relay.v1.Chat(gateway, grpc.credentials.createInsecure());

const metadata = new grpc.Metadata();
if (process.env.RELAY_KEY) {
  metadata.set("authorization", `Bearer ${process.env.RELAY_KEY}`);
}

const call = (client, method, request) => new Promise((resolve, reject) => {
  client[method](request, metadata, { deadline: Date.now() + 60_000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
});
const hello = { model: "chat-default", messages: [{ role: "ROLE_USER", text: "Hello" }], maxCompletionTokens: 8 };

console.log("WatchStats:");
const watching = stats.watchStats({ window: "WINDOW_1M" });
const seen = [];
let answer;
try {
  for await (const { stats: { total } } of watching) {
    const now = `${total.count} requests, ${total.active} under way`;
    if (!seen.includes(now)) {
      seen.push(now);
      console.log(`  ${now}`);
    }
    answer ??= call(chat, "complete", hello);
    if (seen.length === 3) {
      watching.cancel();
    }
  }
} catch (error) {
  if (error.code !== grpc.status.CANCELLED) {
    throw error;
  }
}
await answer;

console.log("ListModels:");
for (const { model, requests } of (await call(stats, "listModels", { window: "WINDOW_1M" })).models) {
  console.log(`  ${model}: ${requests.count} requests, ${requests.tokens.total} tokens, ${(requests.costNanoUsd / 1e9).toFixed(6)} USD`);
}

console.log("GetModel:");
for (const { target, attempts, breaker } of (await call(stats, "getModel", { model: "chat-default" })).model.targets) {
  console.log(`  ${target}: ${attempts.count} attempts, ${attempts.successes} well, ${breaker.state}`);
}

console.log("GetSeries:");
const series = await call(stats, "getSeries", { model: "chat-default", metric: "requests", window: "WINDOW_1M" });
console.log(`  ${series.points.reduce((sum, { value }) => sum + value, 0)} requests, a point each ${series.step.seconds} s`);

console.log("A model that is not there:");
try {
  await call(stats, "getModel", { model: "nobody" });
} catch (error) {
  console.log(`  ${grpc.status[error.code]}: ${error.details}`);
}

stats.close();
chat.close();
