"""Drives Debian's official gRPC client against Relay's chat service: python3 chat_client.py DESCRIPTORS HOST:PORT SCENARIO.

Prints one JSON object of what it saw.
"""
import json
import sys

import grpc
import pb2

descriptors, address, scenario = sys.argv[1:]
pb2.install(descriptors)
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from relay.v1 import chat_pb2, chat_pb2_grpc  # noqa: E402

key = [("authorization", "Bearer relay-key-of-alice")]


def ask(text="hello", **fields):
    return chat_pb2.ChatRequest(model="chat-default", messages=[chat_pb2.Message(role=chat_pb2.ROLE_USER, text=text)], **fields)


def failed(call):
    """What a call that fails tells."""
    try:
        call()
    except grpc.RpcError as error:
        seen = {"status": error.code().value[0], "message": error.details()}
        trailers = dict(error.trailing_metadata() or ())
        seen["requestId"] = dict(error.initial_metadata() or ()).get("x-relay-request-id") or trailers.get("x-relay-request-id")
        for detail in status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b"")).details:
            info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
            if detail.Unpack(info):
                seen |= {"reason": info.reason, "domain": info.domain, **info.metadata}
            elif detail.Unpack(retry):
                seen["retryMs"] = retry.retry_delay.ToMilliseconds()
        return seen


def complete(chat):
    answer, call = chat.Complete.with_call(ask(), timeout=20, metadata=key)
    return {
        "text": answer.choices[0].message.text, "requestId": answer.relay.request_id, "target": answer.relay.target,
        "header": dict(call.initial_metadata())["x-relay-request-id"], "tokens": answer.usage.tokens.total, "nanoUsd": answer.relay.cost_nano_usd,
    }


def stream(chat):
    call = chat.Stream(ask(), timeout=20, metadata=key)
    header = dict(call.initial_metadata())["x-relay-request-id"]
    chunks = list(call)
    return {
        "text": "".join(choice.text for chunk in chunks for choice in chunk.choices), "requestId": chunks[0].relay.request_id, "header": header,
        "target": chunks[-1].relay.target, "tokens": chunks[-1].usage.tokens.total, "nanoUsd": chunks[-1].relay.cost_nano_usd,
        "rescues": [[getattr(rescue, "from"), rescue.to, rescue.error] for rescue in chunks[-1].relay.rescues],
    }


def tool(chat):
    schema = json.dumps({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]})
    request = ask("use the tool", tools=[chat_pb2.Tool(name="weather", parameters_json=schema)])
    asked = chat.Complete(request, timeout=20, metadata=key).choices[0].message
    call = asked.tool_calls[0]
    request.messages.extend([asked, chat_pb2.Message(role=chat_pb2.ROLE_TOOL, tool_call_id=call.id, text="sunny")])
    return {"name": call.name, "city": "city" in json.loads(call.arguments), "text": chat.Complete(request, timeout=20, metadata=key).choices[0].message.text}


def deadline(chat):
    return failed(lambda: chat.Complete(ask(), timeout=2, metadata=key))


def cancel(chat):
    call = chat.Stream(ask(), timeout=20, metadata=key)
    first = next(call)
    call.cancel()
    return {"status": call.code().value[0], "attempts": first.relay.attempts}


def refused(chat):
    request = ask()
    request.extra.update({"temperature": 1})
    return {"field": failed(lambda: chat.Complete(request, metadata=key)), "key": failed(lambda: chat.Complete(request)), "stream": failed(lambda: list(chat.Stream(request, metadata=key)))}


def broken(chat):
    texts = []

    def read():
        for chunk in chat.Stream(ask(), timeout=20, metadata=key):
            texts.extend(choice.text for choice in chunk.choices)

    return {**failed(read), "text": "".join(texts)}


with grpc.insecure_channel(address) as channel:
    print(json.dumps(globals()[scenario](chat_pb2_grpc.ChatStub(channel))))
