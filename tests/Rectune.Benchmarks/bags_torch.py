"""Embedding bags in PyTorch, timed on request: the other half of a paired comparison.

Reads one JSON command a line on standard input and answers with one JSON line:
  {"cmd": "begin", "threads": 1, "lookups": 120, "huge": false}        -> {"torch": "1.13", "threads": 1, "fbgemm": false}
  {"cmd": "table", "rows": n, "dim": d, "file": "file"}                -> {}: adds one table
  {"cmd": "indices", "file": "file"}                                   -> {}: ids of all tables, [tables, samples * lookups]
  {"cmd": "pool", "batch": n, "file": "file"}                          -> {}: writes the first n samples' sums, [n, tables, dim]
  {"cmd": "time", "batch": n, "seconds": s}                            -> {"us": [...]}
Files hold little-endian float32 (int64 for indices), row by row.
"""
import ctypes
import json
import sys
import time

import numpy as np
import torch

HUGE_PAGE = 2 << 20
ADVISE_HUGE_PAGES = 14

state = {"tables": []}


def begin(c):
    torch.set_num_threads(c["threads"])
    state["lookups"], state["huge"] = c["lookups"], c["huge"]
    return {"torch": torch.__version__, "threads": torch.get_num_threads(), "fbgemm": "fbgemm" in torch.backends.quantized.supported_engines}


def table(c):
    # torch.empty and not from_numpy: the memory has to be what PyTorch's own allocator gives.
    weight = torch.empty(c["rows"], c["dim"])
    if state["huge"]:
        first = -(-weight.data_ptr() // HUGE_PAGE) * HUGE_PAGE
        length = weight.data_ptr() + weight.numel() * 4 - first
        if length > 0:
            ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(length), ADVISE_HUGE_PAGES)
    weight.copy_(torch.from_numpy(np.fromfile(c["file"], dtype=np.float32).reshape(c["rows"], c["dim"])))
    state["tables"].append(torch.nn.EmbeddingBag(c["rows"], c["dim"], mode="sum", _weight=weight))
    return {}


def indices(c):
    state["indices"] = torch.from_numpy(np.fromfile(c["file"], dtype=np.int64).reshape(len(state["tables"]), -1))
    return {}


def pooled(at, batch, offsets):
    lookups, ids = state["lookups"], state["indices"]
    return [bag(ids[i, at * lookups:(at + batch) * lookups], offsets) for i, bag in enumerate(state["tables"])]


def offsets_of(batch):
    return torch.arange(0, batch * state["lookups"], state["lookups"])


def pool(c):
    sums = pooled(0, c["batch"], offsets_of(c["batch"]))
    torch.stack(sums, dim=1).numpy().tofile(c["file"])
    return {}


def timed(c):
    batch, offsets = c["batch"], offsets_of(c["batch"])
    samples = state["indices"].shape[1] // state["lookups"]
    us, at = [], 0
    end = time.perf_counter() + c["seconds"]
    while time.perf_counter() < end or len(us) < 5:
        at = at if at + batch <= samples else 0
        begun = time.perf_counter()
        pooled(at, batch, offsets)
        us.append((time.perf_counter() - begun) * 1e6)
        at += batch
    return {"us": us[2:]}


with torch.inference_mode():
    for line in sys.stdin:
        command = json.loads(line)
        answer = {"begin": begin, "table": table, "indices": indices, "pool": pool, "time": timed}[command["cmd"]](command)
        print(json.dumps(answer), flush=True)
