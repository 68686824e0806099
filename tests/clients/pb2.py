"""Makes the modules that protoc would make of .proto files (relay.v1.chat_pb2, relay.v1.chat_pb2_grpc), from a FileDescriptorSet.

Debian's protoc is too old for `optional`. The tests put this in the compiler's place: pb2.install(FILE), then import as usual. Names of
services give a module NAME_pb2_grpc with a class of stubs for each, as grpc_tools does.
"""
import sys
import types

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, symbol_database
from google.protobuf.internal import builder


def module(name):
    """The module of a name; its packages are made on the way."""
    package, _, last = name.rpartition(".")
    if name not in sys.modules:
        made = types.ModuleType(name)
        made.__path__ = []
        sys.modules[name] = made
        if package:
            setattr(module(package), last, made)
    return sys.modules[name]


def stub(service):
    class Stub:
        def __init__(self, channel):
            for method in service.methods:
                shape = descriptor_pb2.MethodDescriptorProto()
                method.CopyToProto(shape)
                kinds = {(False, False): channel.unary_unary, (False, True): channel.unary_stream}
                request, response = (symbol_database.Default().GetPrototype(kind) for kind in (method.input_type, method.output_type))
                call = kinds[(shape.client_streaming, shape.server_streaming)](
                    f"/{service.full_name}/{method.name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
                setattr(self, method.name, call)

    return Stub


def install(path):
    with open(path, "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    for file in files:
        if file.name.startswith("google/protobuf/"):
            __import__(file.name[:-len(".proto")].replace("/", ".") + "_pb2")
            continue
        name = file.name[:-len(".proto")].replace("/", ".")
        descriptor = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
        messages = module(name + "_pb2")
        builder.BuildMessageAndEnumDescriptors(descriptor, messages.__dict__)
        builder.BuildTopDescriptorsAndMessages(descriptor, messages.__name__, messages.__dict__)
        for service in descriptor.services_by_name.values():
            setattr(module(name + "_pb2_grpc"), service.name + "Stub", stub(service))
