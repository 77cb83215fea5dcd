"""Models of the zoo in PyTorch, timed on request: the other half of a paired comparison.

Reads one JSON command a line on standard input and answers with one JSON line:
  {"cmd": "load", "card": {...}, "parameters": [{"name": n, "extents": [...], "offset": elements}, ...], "weights": "file",
   "indices": "file", "dense": "file", "threads": 2}                   -> {"torch": "1.13", "forms": ["separate", "batched"]}
  {"cmd": "check", "form": f, "samples": n, "pooled": "file"}          -> {"scores": [...], "logits": [...]}: of the first n samples, given their
                                                                          pooled vectors; logits are what the last activation takes
  {"cmd": "time", "form": f, "threads": t, "batch": n, "seconds": s}   -> {"us": [...]}
Files hold little-endian float32 (int64 for indices), row by row; indices table by table.

Two forms of every model. separate: a module a table and a layer, as the model is defined. batched: consecutive tables of one shape are one EmbeddingBag, and the
activation units of DIN are one einsum, their first layer's weights of e and e + a (and of a and e + a) added beforehand.
"""
import ctypes
import json
import sys
import time

import numpy as np
import torch
from torch import nn

FORMS = ["separate", "batched"]

# Threads of OpenMP and OpenBLAS spin for some milliseconds after their last work, which is no cost of whoever is measured next.
SETTLE_SECONDS = 0.1


def blas_libraries():
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "openblas" in line}
    return [ctypes.CDLL(path) for path in sorted(paths)]


class Parameters:
    def __init__(self, described, file):
        self.values = np.fromfile(file, dtype=np.float32)
        self.described = {p["name"]: p for p in described}

    def tensor(self, name):
        p = self.described[name]
        size = int(np.prod(p["extents"]))
        return torch.from_numpy(self.values[p["offset"]:p["offset"] + size].reshape(p["extents"]).copy())

    def linear(self, name):
        weight = self.tensor(name + ".weight")
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight, self.tensor(name + ".bias")
        return layer

    def stack(self, name, count, last):
        modules = []
        for i in range(count):
            modules += [self.linear(f"{name}.{i}"), nn.ReLU() if i + 1 < count else last]
        return nn.Sequential(*modules)

    def rnn(self, name):
        weight = self.tensor(name + ".input.weight")
        layer = nn.RNN(weight.shape[1], weight.shape[0], batch_first=True)
        layer.weight_ih_l0.data, layer.bias_ih_l0.data = weight, self.tensor(name + ".input.bias")
        layer.weight_hh_l0.data, layer.bias_hh_l0.data = self.tensor(name + ".state.weight"), self.tensor(name + ".state.bias")
        return layer


class Vectors:
    """The embeddings of a batch: a tensor a feature, or all of them side by side in one tensor, [batch, sum of dims]."""

    def __init__(self, features, parts):
        self.features, self.parts = features, parts
        self.joined = len(parts) == 1 and len(features) > 1

    def group_list(self, name):
        return [part for feature, part in zip(self.features, self.parts) if feature["group"] == name]

    def group(self, name):
        if self.joined:
            columns, at = [], 0
            for feature in self.features:
                if feature["group"] == name:
                    columns += [at, at + feature["dim"]]
                at += feature["dim"]
            return self.parts[0][:, columns[0]:columns[-1]]
        return torch.cat(self.group_list(name), dim=1)


def bottom_of(card, p):
    return p.stack("bottom", len(card["bottomMlp"]), nn.ReLU())


class Top(nn.Module):
    def __init__(self, card, p):
        super().__init__()
        heads = card["heads"]
        # A softmax is over the outputs of one head, which the concatenation of several would mix.
        assert heads is None or card["output"] != "softmax"
        self.last = {"sigmoid": nn.Sigmoid, "softmax": lambda: nn.Softmax(dim=-1), "none": nn.Identity}[card["output"]]()
        self.shared = p.stack("top", len(card["topMlp"]), nn.ReLU() if heads else nn.Identity())
        self.heads = nn.ModuleList([p.stack(f"head.{task}", len(heads["mlp"]), nn.Identity()) for task in range(heads["tasks"])] if heads else [])

    def logits(self, x):
        x = self.shared(x)
        return torch.cat([head(x) for head in self.heads], dim=1) if len(self.heads) else x

    def forward(self, x):
        return self.last(self.logits(x))


class Concat(nn.Module):
    def __init__(self, card, p):
        super().__init__()
        self.bottom, self.top = bottom_of(card, p), Top(card, p)

    def forward(self, dense, vectors):
        return self.top(torch.cat([self.bottom(dense)] + vectors.parts, dim=1))


class Dot(nn.Module):
    def __init__(self, card, p):
        super().__init__()
        self.bottom, self.top = bottom_of(card, p), Top(card, p)
        self.count = len(card["sparse"]) + 1
        self.rows, self.columns = torch.tril_indices(self.count, self.count, offset=-1)

    def forward(self, dense, vectors):
        x = self.bottom(dense)
        stacked = torch.cat([x] + vectors.parts, dim=1).view(x.shape[0], self.count, -1)
        products = torch.bmm(stacked, stacked.transpose(1, 2))
        return self.top(torch.cat([x, products[:, self.rows, self.columns]], dim=1))


class NeuMf(nn.Module):
    def __init__(self, card, p):
        super().__init__()
        self.bottom, self.top = bottom_of(card, p), Top(card, p)
        self.factors = sum(feature["group"] == "mf" for feature in card["sparse"])

    def forward(self, dense, vectors):
        mf = vectors.group("mf")
        summed = mf.reshape(mf.shape[0], self.factors, -1).sum(dim=1)
        return self.top(torch.cat([summed, self.bottom(vectors.group("mlp"))], dim=1))


class SeparateUnits(nn.Module):
    def __init__(self, p, count):
        super().__init__()
        self.units = nn.ModuleList([p.stack(f"unit.{i}", 2, nn.ReLU()) for i in range(count)])

    def forward(self, vectors, candidate):
        units = [unit(torch.cat([e, candidate, e + candidate], dim=1)) for unit, e in zip(self.units, vectors.group_list("behavior"))]
        return torch.stack(units).sum(dim=0)


class BatchedUnits(nn.Module):
    def __init__(self, p, count):
        super().__init__()
        first = torch.stack([p.tensor(f"unit.{i}.0.weight")[0] for i in range(count)])
        own, other, both = first.chunk(3, dim=1)
        self.own = nn.Parameter(own + both)
        self.candidate = nn.Linear(own.shape[1], count)
        self.candidate.weight.data = (other + both).contiguous()
        self.candidate.bias.data = torch.cat([p.tensor(f"unit.{i}.0.bias") for i in range(count)])
        self.weight = nn.Parameter(torch.stack([p.tensor(f"unit.{i}.1.weight")[:, 0] for i in range(count)]))
        self.bias = nn.Parameter(torch.stack([p.tensor(f"unit.{i}.1.bias") for i in range(count)]))

    def forward(self, vectors, candidate):
        behaviors = vectors.group("behavior").view(candidate.shape[0], *self.own.shape)
        hidden = torch.relu(torch.einsum("bnd,nd->bn", behaviors, self.own) + self.candidate(candidate))
        return torch.relu(torch.addcmul(self.bias, hidden.unsqueeze(2), self.weight)).sum(dim=1)


class ActivationUnits(nn.Module):
    def __init__(self, card, p, units):
        super().__init__()
        assert card["attention"] == [1]
        self.units, self.top = units(p, sum(feature["group"] == "behavior" for feature in card["sparse"])), Top(card, p)

    def forward(self, dense, vectors):
        candidate = vectors.group("candidate")
        interest = self.units(vectors, candidate)
        return self.top(torch.cat([vectors.group("user"), interest, candidate, vectors.group("context")], dim=1))


class RecurrentAttention(nn.Module):
    def __init__(self, card, p):
        super().__init__()
        self.first, self.second = p.rnn("rnn.0"), p.rnn("rnn.1")
        self.attention, self.top = p.linear("attention"), Top(card, p)
        self.steps = sum(feature["group"] == "behavior" for feature in card["sparse"])

    def forward(self, dense, vectors):
        behaviors = vectors.group("behavior")
        states, _ = self.first(behaviors.view(behaviors.shape[0], self.steps, -1))
        _, last = self.second(states + torch.softmax(self.attention(states), dim=-1))
        return self.top(torch.cat([vectors.group("user"), last[0], vectors.group("candidate"), vectors.group("context")], dim=1))


MODELS = {
    "concat": lambda card, p, form: Concat(card, p),
    "dot": lambda card, p, form: Dot(card, p),
    "neu-mf": lambda card, p, form: NeuMf(card, p),
    "activation-units": lambda card, p, form: ActivationUnits(card, p, BatchedUnits if form == "batched" else SeparateUnits),
    "recurrent-attention": lambda card, p, form: RecurrentAttention(card, p),
}


class Run:
    """Consecutive features of as many lookups and one width, their tables one after another in one tensor; ids as [tables, samples * lookups]."""

    def __init__(self, features, ids):
        self.lookups, self.dim, self.tables = features[0]["lookups"], features[0]["dim"], len(features)
        rows = [feature["rows"] for feature in features]
        firsts = np.concatenate([[0], np.cumsum(rows)])
        weight = torch.empty(int(firsts[-1]), self.dim).uniform_(-0.01, 0.01)
        self.bags = [nn.EmbeddingBag(n, self.dim, mode="sum", _weight=weight[first:first + n]) for first, n in zip(firsts, rows)]
        self.all = nn.EmbeddingBag(weight.shape[0], self.dim, mode="sum", _weight=weight)
        self.ids = list(torch.from_numpy(ids))
        self.ids_of_all = torch.from_numpy(ids + firsts[:-1, None])

    def separate(self, at, batch):
        offsets = torch.arange(0, batch * self.lookups, self.lookups)
        return [bag(ids[at * self.lookups:(at + batch) * self.lookups], offsets) for bag, ids in zip(self.bags, self.ids)]

    def batched(self, at, batch):
        ids = self.ids_of_all[:, at * self.lookups:(at + batch) * self.lookups].reshape(-1)
        sums = self.all(ids, torch.arange(0, ids.shape[0], self.lookups))
        return sums.view(self.tables, batch, self.dim).transpose(0, 1).reshape(batch, -1)


class Zoo:
    def __init__(self, c):
        card, parameters = c["card"], Parameters(c["parameters"], c["weights"])
        self.features = card["sparse"]
        self.models = {form: MODELS[card["interaction"]](card, parameters, form) for form in FORMS}
        runs = []
        for feature in self.features:
            if runs and (runs[-1][-1]["lookups"], runs[-1][-1]["dim"]) == (feature["lookups"], feature["dim"]):
                runs[-1].append(feature)
            else:
                runs.append([feature])
        ids = np.fromfile(c["indices"], dtype=np.int64)
        self.samples = ids.size // sum(feature["lookups"] for feature in self.features)
        self.dense = torch.from_numpy(np.fromfile(c["dense"], dtype=np.float32).reshape(self.samples, card["denseFeatures"]))
        self.runs, at = [], 0
        for run in runs:
            size = len(run) * self.samples * run[0]["lookups"]
            self.runs.append(Run(run, ids[at:at + size].reshape(len(run), -1)))
            at += size

    def vectors(self, form, at, batch):
        if form == "separate":
            return Vectors(self.features, [part for run in self.runs for part in run.separate(at, batch)])
        parts = [run.batched(at, batch) for run in self.runs]
        return Vectors(self.features, parts if len(parts) == 1 else [torch.cat(parts, dim=1)])

    def score(self, form, at, batch, vectors=None):
        return self.models[form](self.dense[at:at + batch], vectors or self.vectors(form, at, batch))


def load(c):
    state["blas"], state["zoo"] = blas_libraries(), Zoo(c)
    return {"torch": torch.__version__, "forms": FORMS}


def check(c):
    zoo = state["zoo"]
    pooled = torch.from_numpy(np.fromfile(c["pooled"], dtype=np.float32).reshape(c["samples"], -1))
    parts = [pooled] if c["form"] == "batched" else list(pooled.split([feature["dim"] for feature in zoo.features], dim=1))
    vectors, top = Vectors(zoo.features, parts), zoo.models[c["form"]].top
    scores = zoo.score(c["form"], 0, c["samples"], vectors)
    last, top.last = top.last, nn.Identity()
    logits = zoo.score(c["form"], 0, c["samples"], vectors)
    top.last = last
    return {"scores": scores.flatten().tolist(), "logits": logits.flatten().tolist()}


def timed(c):
    zoo, form, batch = state["zoo"], c["form"], c["batch"]
    torch.set_num_threads(c["threads"])
    for library in state["blas"]:
        library.openblas_set_num_threads(c["threads"])
    us, at = [], state.get("at", 0)
    end = time.perf_counter() + c["seconds"]
    while time.perf_counter() < end or len(us) < 4:
        at = at if at + batch <= zoo.samples else 0
        begun = time.perf_counter()
        zoo.score(form, at, batch)
        us.append((time.perf_counter() - begun) * 1e6)
        at += batch
    state["at"] = at
    time.sleep(SETTLE_SECONDS)
    return {"us": us[1:]}


state = {}
with torch.inference_mode():
    for line in sys.stdin:
        command = json.loads(line)
        answer = {"load": load, "check": check, "time": timed}[command["cmd"]](command)
        print(json.dumps(answer), flush=True)
