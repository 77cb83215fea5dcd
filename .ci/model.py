"""Writes my.onnx: a two-table model with a small MLP, as a training framework would export it, without needing one.

ONNX files are protocol buffers: a field is its number and wire type, then its value (https://protobuf.dev/programming-guides/encoding).
"""
import random
import struct
import sys


def varint(n):
    out = b""
    while True:
        out += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n:
            return out


def number(field, n):
    return varint(field << 3) + varint(n)


def data(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def node(kind, output, *inputs, **integers):
    attributes = b"".join(data(5, data(1, name) + number(3, value) + number(20, 2)) for name, value in integers.items())
    return data(1, b"".join(data(1, i) for i in inputs) + data(2, output) + data(3, output) + data(4, kind) + attributes)


def weights(name, *shape):
    count = 1
    for extent in shape:
        count *= extent
    values = struct.pack(f"<{count}f", *(random.gauss(0, 0.3) for _ in range(count)))
    return data(5, b"".join(number(1, extent) for extent in shape) + number(2, 1) + data(8, name) + data(9, values))


def tensor(field, name, kind, *shape):
    extents = b"".join(data(1, data(2, "batch") if extent is None else number(1, extent)) for extent in shape)
    return data(field, data(1, name) + data(2, data(1, number(1, kind) + data(2, extents))))


FLOAT, INT64 = 1, 7
random.seed(1)
graph = (
    node("Gather", "u", "users", "user") + node("Gather", "i", "items", "item")
    + node("Concat", "x", "u", "i", axis=1)
    + node("Gemm", "h", "x", "w1", "b1") + node("Relu", "r", "h")
    + node("Gemm", "z", "r", "w2", "b2") + node("Sigmoid", "score", "z")
    + data(2, "two_towers")
    + weights("users", 20000, 16) + weights("items", 5000, 16)
    + weights("w1", 32, 64) + weights("b1", 64) + weights("w2", 64, 1) + weights("b2", 1)
    + tensor(11, "user", INT64, None) + tensor(11, "item", INT64, None) + tensor(12, "score", FLOAT, None, 1)
)
sys.stdout.buffer.write(number(1, 8) + data(7, graph) + data(8, number(2, 17)))
