#!/usr/bin/env python3
"""Lists the tensors of a safetensors file: names, types, shapes, and how many parameters they are.

Works with Python's standard library alone; import read() to use the weights elsewhere:

    metadata, tensors = read("generator.safetensors")
    shape, dtype, data = tensors["generator.trunk.layers.first.weight"]
    array = numpy.frombuffer(data, "<f4").reshape(shape)  # <f2 for F16
"""
import json
import struct
import sys

# Statistics that batch normalisation keeps beside what is learned.
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def read(path):
    """Returns (metadata, {name: (shape, dtype, raw little-endian bytes)})."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = memoryview(content)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if end > len(data):
            raise ValueError(f"tensor {name} lies outside the file")
        tensors[name] = (entry["shape"], entry["dtype"], data[begin:end])
    return metadata, tensors


def count(shape):
    elements = 1
    for side in shape:
        elements *= side
    return elements


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: read_weights.py FILE")
    try:
        metadata, tensors = read(sys.argv[1])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        sys.exit(f"{sys.argv[1]} cannot be read as a safetensors file: {error}.")
    for key in ("program", "configuration", "step"):
        if key in metadata:
            print(f"{key}: {metadata[key]}")
    parameters = 0
    for name, (shape, dtype, _) in sorted(tensors.items()):
        print(f"{dtype:5}{'×'.join(map(str, shape)) or 'scalar':16}{name}")
        if not name.endswith(STATISTICS):
            parameters += count(shape)
    print(f"{parameters} parameters in {len(tensors)} tensors")


if __name__ == "__main__":
    main()
