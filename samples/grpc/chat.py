"""Asks a model through Relay's gRPC port: python3 chat.py [HOST:PORT [MODEL]]. Relay's key, where it has keys, is read from RELAY_KEY.

docs/grpc.md says how the modules of relay.v1 are made of the .proto files.
"""
import os
import sys

import grpc
from relay.v1 import chat_pb2, chat_pb2_grpc

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8081"
model = sys.argv[2] if len(sys.argv) > 2 else "chat-default"
key = [("authorization", f"Bearer {os.environ['RELAY_KEY']}")] if "RELAY_KEY" in os.environ else []


def ask(text, name=model):
    message = chat_pb2.Message(role=chat_pb2.ROLE_USER, text=text)
    return chat_pb2.ChatRequest(model=name, messages=[message], max_completion_tokens=8)


def tell(answer):
    """How Relay got an answer, from a ChatResponse or the last ChatChunk."""
    relay, tokens = answer.relay, answer.usage.tokens.total
    print(f"  {relay.target}, {relay.attempts} attempt(s), {tokens} tokens, {relay.cost_nano_usd / 1e9:.6f} USD")
    for rescue in relay.rescues:
        print(f"  {getattr(rescue, 'from')} broke after {rescue.sent_bytes} bytes, {rescue.to} went on")


with grpc.insecure_channel(address) as channel:
    chat = chat_pb2_grpc.ChatStub(channel)

    print("Complete:")
    answer = chat.Complete(ask("Hello"), timeout=60, metadata=key)
    print(" ", answer.choices[0].message.text)
    tell(answer)

    print("Stream:")
    print("  ", end="")
    for chunk in chat.Stream(ask("Hello"), timeout=60, metadata=key):
        for choice in chunk.choices:
            print(choice.text, end="", flush=True)
    print()
    tell(chunk)

    print("A model that is not there:")
    try:
        chat.Complete(ask("Hello", "nobody"), timeout=60, metadata=key)
    except grpc.RpcError as error:
        print(f"  {error.code().name}: {error.details()}")
