"""Drives Debian's official gRPC client: python3 grpc_client.py HOST:PORT DESCRIPTORS SCENARIO. Prints one JSON object of what it saw.

DESCRIPTORS is a FileDescriptorSet of gRPC's own services. What the echo service looks like, the program learns from the server by
reflection, so that no generated code is needed.
"""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors, scenario = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
factory = message_factory.MessageFactory(pool)
options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def add(files):
    """Adds files to the pool, those that others import first."""
    waiting = {file.name: file for file in files}

    def visit(file):
        if waiting.pop(file.name, None) is not None:
            for name in file.dependency:
                if name in waiting:
                    visit(waiting[name])
            pool.Add(file)

    for file in list(waiting.values()):
        visit(file)


def message(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


def method(channel, path):
    """A method by its path, made of what the pool knows of it."""
    _, service, name = path.split("/")
    found = pool.FindServiceByName(service).FindMethodByName(name)
    shape = descriptor_pb2.MethodDescriptorProto()
    found.CopyToProto(shape)
    kinds = {(False, False): channel.unary_unary, (False, True): channel.unary_stream, (True, True): channel.stream_stream}
    request, response = message(found.input_type.full_name), message(found.output_type.full_name)
    call = kinds[(shape.client_streaming, shape.server_streaming)]
    return call(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


def reflect(channel, **request):
    """Answers of the reflection service."""
    ask = message("grpc.reflection.v1.ServerReflectionRequest")
    info = method(channel, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
    return list(info(iter([ask(**request)])))


def learn(channel, symbol):
    answer = reflect(channel, file_containing_symbol=symbol)[0]
    add([descriptor_pb2.FileDescriptorProto.FromString(file) for file in answer.file_descriptor_response.file_descriptor_proto])


def say(channel, timeout=20, metadata=None, compression=None, **fields):
    """A unary call: its reply or None, its error or None, and the call."""
    call = method(channel, "/relay.tests.v1.Echo/Say")
    request = message("relay.tests.v1.EchoRequest")(**fields)
    try:
        reply, done = call.with_call(request, timeout=timeout, metadata=metadata, compression=compression)
        return reply, None, done
    except grpc.RpcError as error:
        return None, error, error


def count(channel, **fields):
    call = method(channel, "/relay.tests.v1.Echo/Count")
    return call(message("relay.tests.v1.CountRequest")(**fields), timeout=20)


def code(error):
    return 0 if error is None else error.code().value[0]


def unary(channel):
    data = bytes([0, 1, 254, 255])
    reply, error, call = say(channel, text="hällo", data=data, metadata=[("x-echo", "some text"), ("x-echo-bin", data)])
    head, tail = dict(call.initial_metadata()), dict(call.trailing_metadata())
    return {
        "code": code(error), "text": reply.text, "data": reply.data.hex(),
        "header": head["x-echo"], "headerBytes": head["x-echo-bin"].hex(),
        "trailer": tail["x-echo-trailer"], "trailerBytes": tail["x-echo-trailer-bin"].hex(),
    }


def stream(channel):
    call = count(channel, count=1000, bytes=100)
    numbers = [reply.number for reply in call]
    return {"code": call.code().value[0], "numbers": numbers}


def deadline(channel):
    return {"code": code(say(channel, timeout=0.3, hold=True)[1])}


def cancel(channel):
    call = count(channel, count=2, hold=True)
    messages = [next(call).number, next(call).number]
    call.cancel()
    return {"code": call.code().value[0], "messages": len(messages)}


def error(channel):
    _, failed, call = say(channel, fail_kind=10, fail_message="Zu schnell: ümlaut", retry_after_ms=1500)
    status = message("google.rpc.Status").FromString(dict(call.trailing_metadata())["grpc-status-details-bin"])
    info, retry = message("google.rpc.ErrorInfo")(), message("google.rpc.RetryInfo")()
    status.details[0].Unpack(info)
    status.details[1].Unpack(retry)
    return {
        "code": code(failed), "details": failed.details(), "reason": info.reason, "domain": info.domain,
        "kind": info.metadata["kind"], "retryMs": retry.retry_delay.ToMilliseconds(),
    }


def gzip(channel):
    reply, failed, _ = say(channel, text="x" * 100_000, compression=grpc.Compression.Gzip)
    return {"code": code(failed), "length": len(reply.text)}


def deflate(channel):
    return {"code": code(say(channel, text="x" * 100_000, compression=grpc.Compression.Deflate)[1])}


def large(channel):
    failed = say(channel, data=bytes(33 * 1024 * 1024))[1]
    return {"code": code(failed), "details": failed.details()}


def unimplemented(channel):
    call = method(channel, "/relay.tests.v1.Echo/Unserved")
    try:
        call(message("relay.tests.v1.EchoRequest")())
    except grpc.RpcError as failed:
        return {"code": code(failed)}


def health(channel):
    check, watch = (method(channel, f"/grpc.health.v1.Health/{name}") for name in ("Check", "Watch"))
    ask = message("grpc.health.v1.HealthCheckRequest")
    other = None
    try:
        check(ask(service="other"))
    except grpc.RpcError as failed:
        other = failed
    watching = watch(ask())
    watched = next(watching).status
    watching.cancel()
    return {"status": check(ask(service="relay.tests.v1.Echo")).status, "other": code(other), "watched": watched}


def reflection(channel):
    answer = reflect(channel, list_services="")[0]
    return {"services": [service.name for service in answer.list_services_response.service]}


with open(descriptors, "rb") as file:
    add(descriptor_pb2.FileDescriptorSet.FromString(file.read()).file)
with grpc.insecure_channel(address, options=options) as connected:
    learn(connected, "relay.tests.v1.Echo")
    print(json.dumps(globals()[scenario](connected)))
