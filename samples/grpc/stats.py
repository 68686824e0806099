"""Asks what Relay knows of its models: python3 stats.py [API_HOST:PORT [GATEWAY_HOST:PORT]]. It sends one chat request, so that there is something to know.

docs/grpc.md says how the modules of relay.v1 are made of the .proto files.
"""
import os
import sys

import grpc
from relay.v1 import chat_pb2, chat_pb2_grpc, stats_pb2, stats_pb2_grpc

api = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8091"
gateway = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:8081"
key = [("authorization", f"Bearer {os.environ['RELAY_KEY']}")] if "RELAY_KEY" in os.environ else []
request = chat_pb2.ChatRequest(
    model="chat-default", messages=[chat_pb2.Message(role=chat_pb2.ROLE_USER, text="Hello")], max_completion_tokens=8)

with grpc.insecure_channel(api) as to_api, grpc.insecure_channel(gateway) as to_gateway:
    stats = stats_pb2_grpc.StatsStub(to_api)
    chat = chat_pb2_grpc.ChatStub(to_gateway)

    print("WatchStats:")
    watching = stats.WatchStats(stats_pb2.WatchStatsRequest(window=stats_pb2.WINDOW_1M))
    seen, answer = [], None
    for frame in watching:
        now = (frame.stats.total.count, frame.stats.total.active)
        if now not in seen:
            seen.append(now)
            print("  %d requests, %d under way" % now)
        if answer is None:
            answer = chat.Complete.future(request, timeout=60, metadata=key)
        if len(seen) == 3:
            watching.cancel()
            break
    answer.result()

    print("ListModels:")
    models = stats.ListModels(stats_pb2.ListModelsRequest(window=stats_pb2.WINDOW_1M), timeout=10)
    for model in models.models:
        figures = model.requests
        print(f"  {model.model}: {figures.count} requests, {figures.tokens.total} tokens, {figures.cost_nano_usd / 1e9:.6f} USD")

    print("GetModel:")
    model = stats.GetModel(stats_pb2.GetModelRequest(model="chat-default"), timeout=10).model
    for target in model.targets:
        state = stats_pb2.BreakerState.Name(target.breaker.state)
        print(f"  {target.target}: {target.attempts.count} attempts, {target.attempts.successes} well, {state}")

    print("GetSeries:")
    series = stats.GetSeries(stats_pb2.GetSeriesRequest(model="chat-default", metric="requests", window=stats_pb2.WINDOW_1M), timeout=10)
    print(f"  {sum(point.value for point in series.points):.0f} requests, a point each {series.step.ToSeconds()} s")

    print("A model that is not there:")
    try:
        stats.GetModel(stats_pb2.GetModelRequest(model="nobody"), timeout=10)
    except grpc.RpcError as error:
        print(f"  {error.code().name}: {error.details()}")
