"""DLRM in PyTorch, timed on request: the other half of a paired comparison.

Reads one JSON command a line on standard input and answers with one JSON line:
  {"cmd": "load", "rows": [...], "dim": 16, "dense": 13, "bottom": [...], "top": [...], "weights": "file", "threads": 1}
  {"cmd": "check", "batch": n, "dense": "file", "pooled": "file"}      -> {"scores": [...]}
  {"cmd": "time", "batch": n, "seconds": s, "indices": "file"}         -> {"us": [...]}
Files hold little-endian float32 (int64 for indices), row by row.
"""
import json
import sys
import time

import numpy as np
import torch

state = {}


def layers(stack, widths, first, raw, at):
    width = first
    for out in widths:
        linear = torch.nn.Linear(width, out)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(raw[at:at + width * out].reshape(out, width).copy()))
            at += width * out
            linear.bias.copy_(torch.from_numpy(raw[at:at + out].copy()))
            at += out
        stack.append(linear)
        width = out
    return at


def load(c):
    torch.set_num_threads(c["threads"])
    torch.manual_seed(1)
    raw = np.fromfile(c["weights"], dtype=np.float32)
    bottom, top = [], []
    vectors = len(c["rows"]) + 1
    at = layers(bottom, c["bottom"], c["dense"], raw, 0)
    at = layers(top, c["top"], c["dim"] + vectors * (vectors - 1) // 2, raw, at)
    assert at == raw.size
    relu, sigmoid = torch.nn.ReLU(), torch.nn.Sigmoid()
    state["bottom"] = torch.nn.Sequential(*[m for l in bottom for m in (l, relu)])
    state["top"] = torch.nn.Sequential(*[m for i, l in enumerate(top) for m in (l, relu if i + 1 < len(top) else sigmoid)])
    state["tables"] = []
    for rows in c["rows"]:
        table = torch.nn.EmbeddingBag(rows, c["dim"], mode="sum", _weight=torch.empty(rows, c["dim"]).uniform_(-rows ** -0.5, rows ** -0.5))
        state["tables"].append(table)
    state["li"] = torch.tensor([i for i in range(vectors) for j in range(i)])
    state["lj"] = torch.tensor([j for i in range(vectors) for j in range(i)])
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}


def score(dense, pooled):
    x = state["bottom"](dense)
    vectors = torch.cat([x] + pooled, dim=1).view(dense.shape[0], len(pooled) + 1, -1)
    products = torch.bmm(vectors, vectors.transpose(1, 2))
    return state["top"](torch.cat([x, products[:, state["li"], state["lj"]]], dim=1))


def check(c):
    dense = torch.from_numpy(np.fromfile(c["dense"], dtype=np.float32).reshape(c["batch"], -1))
    pooled = torch.from_numpy(np.fromfile(c["pooled"], dtype=np.float32).reshape(c["batch"], len(state["tables"]), -1))
    return {"scores": score(dense, [pooled[:, i, :] for i in range(pooled.shape[1])]).flatten().tolist()}


def timed(c):
    batch = c["batch"]
    indices = torch.from_numpy(np.fromfile(c["indices"], dtype=np.int64).reshape(len(state["tables"]), -1))
    dense = torch.rand(batch, state["bottom"][0].in_features)
    offsets = torch.arange(batch)
    samples = indices.shape[1]
    us, at = [], 0
    end = time.perf_counter() + c["seconds"]
    while time.perf_counter() < end or len(us) < 5:
        at = at if at + batch <= samples else 0
        begun = time.perf_counter()
        pooled = [table(indices[i, at:at + batch], offsets) for i, table in enumerate(state["tables"])]
        score(dense, pooled)
        us.append((time.perf_counter() - begun) * 1e6)
        at += batch
    return {"us": us[2:]}


with torch.inference_mode():
    for line in sys.stdin:
        command = json.loads(line)
        answer = {"load": load, "check": check, "time": timed}[command["cmd"]](command)
        print(json.dumps(answer), flush=True)
