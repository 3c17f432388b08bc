"""PyTorch as one of the engines of learn.mjs: the networks of learn/models.mjs, one thread, data in memory.

python bench/torch_peer.py eager|compile

Each line of standard input is a request, each line of standard output its answer; see learn/job.mjs. With `compile`,
the modes of COMPILE_MODES are tried and the fastest is kept. torch.compile leaves nn.GRU as it is: a GRU unrolled over
its 50 steps took more than four minutes to compile, and one compiled step by step was slower than nn.GRU.
"""

import json
import math
import signal
import statistics
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)

COMPILE_MODES = ("default", "max-autotune-no-cudagraphs")
# A further mode is tried only this long after the first began.
COMPILE_S = 20


class Network(nn.Module):
    """The CNN-GRU-attention network of src/learn/networks, in the layouts that PyTorch likes best."""

    def __init__(self, network):
        super().__init__()
        filters, taps = network["convolutionFilters"], network["convolutionTaps"]
        norm = network["normalisation"] == "batch"
        self.before = (taps - 1, 0) if network["padding"] == "causal" else ((taps - 1) // 2, taps // 2)
        channels = [len(network["inputs"])] + [filters] * network["convolutionLayers"]
        pad = (taps - 1) // 2 if network["padding"] == "same" else 0
        self.pad = network["padding"] == "causal"
        self.convolutions = nn.ModuleList(
            nn.Conv1d(a, b, taps, padding=pad, bias=not norm) for a, b in zip(channels, channels[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(filters) if norm else nn.Identity() for _ in channels[1:])
        self.pool = nn.MaxPool1d(network["pool"]) if network["pool"] > 1 else nn.Identity()
        units = network["gruUnits"]
        self.gru = nn.GRU(filters, units)
        self.hidden = nn.Linear(units, network["attentionUnits"])
        self.score = nn.Linear(network["attentionUnits"], 1, bias=False)
        self.last = network["lastState"]
        self.head = nn.Sequential(
            nn.Dropout(network["dropout"]),
            nn.Linear(units * (2 if self.last else 1), network["denseUnits"]),
            nn.ReLU(),
            nn.Dropout(network["dropout"]),
            nn.Linear(network["denseUnits"], 1),
        )

    def forward(self, x):
        """x [batch, channels, time]"""
        for convolution, norm in zip(self.convolutions, self.norms):
            x = torch.relu(norm(convolution(nn.functional.pad(x, self.before) if self.pad else x)))
        h, _ = self.gru(self.pool(x).permute(2, 0, 1))
        weights = torch.softmax(self.score(torch.tanh(self.hidden(h))), 0)
        context = (weights * h).sum(0)
        return self.head(torch.cat([context, h[-1]], 1) if self.last else context)


def features(model, batch):
    return torch.randn(batch, len(model["network"]["inputs"]), model["network"]["window"])


def make_training(model, wrap):
    network = Network(model["network"]).train()
    call = wrap(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-3, fused=True)
    x, y = features(model, model["batch"]), torch.randn(model["batch"], 1)

    def step():
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(call(x), y)
        loss.backward()
        if model["clip"]:
            nn.utils.clip_grad_norm_(network.parameters(), model["clip"], foreach=True)
        optimiser.step()
        if not math.isfinite(loss.item()):
            raise ValueError("the loss is not finite")

    return step, sum(p.numel() for p in network.parameters())


def make_window(model, wrap):
    network = Network(model["network"]).eval()
    call = wrap(network)
    x = features(model, 1)

    def step():
        with torch.inference_mode():
            call(x).item()

    return step, sum(p.numel() for p in network.parameters())


def time_runs(run, seconds):
    """Median milliseconds by the clock and mean milliseconds of processor time of one run."""
    times, used = [], time.process_time()
    now = time.perf_counter()
    end = now + seconds
    while now < end or len(times) < 2:
        run()
        after = time.perf_counter()
        times.append(after - now)
        now = after
    return {
        "clock_ms": 1000 * statistics.median(times),
        "processor_ms": 1000 * (time.process_time() - used) / len(times),
    }


class Peer:
    def __init__(self, compiled):
        self.compiled, self.prepared = compiled, {}

    def prepare(self, name, what, model, warm_s, most_s):
        make = {"training": make_training, "window": make_window}[what]
        modes = [None]
        if self.compiled:
            modes = COMPILE_MODES if what == "training" else COMPILE_MODES[:1]
        found, started = [], time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, most_s)
        try:
            for mode in modes:
                if found and time.perf_counter() - started > COMPILE_S:
                    break
                torch.manual_seed(1)
                step, parameters = make(model, lambda network: torch.compile(network, mode=mode) if mode else network)
                time_runs(step, warm_s)
                found.append((time_runs(step, warm_s)["processor_ms"] if len(modes) > 1 else 0, mode, step))
        except TimeoutError:
            if not found:
                raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        _, mode, self.prepared[name] = min(found, key=lambda each: each[0])
        return {"parameters": parameters, "mode": mode, "version": torch.__version__.split("+")[0]}

    def time(self, name, seconds):
        return time_runs(self.prepared[name], seconds)

    def release(self, name):
        del self.prepared[name]
        return {}


def give_up(*_):
    raise TimeoutError("compiling took too long")


signal.signal(signal.SIGALRM, give_up)
peer = Peer(sys.argv[1] == "compile")
# What PyTorch prints of itself must not come between the answers.
answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = getattr(peer, asked.pop("request"))(**asked)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}".split("\n")[0]}
    print(json.dumps(answer), file=answers, flush=True)
