"""The networks of learn.mjs and infer.mjs in PyTorch, one thread, as one JSON object: what genu's timings are compared with.

python bench/torch_peer.py
"""

import json
import statistics
import time

import torch
from torch import nn

torch.set_num_threads(1)


class Network(nn.Module):
    def __init__(self, inputs, filters, gru, attention, dense, last, dropout, norm, pool):
        super().__init__()
        layers = []
        for channels in (inputs, filters):
            layers += [nn.Conv1d(channels, filters, 5, padding=2, bias=not norm)]
            layers += ([nn.BatchNorm1d(filters)] if norm else []) + [nn.ReLU()]
        self.convolutions = nn.Sequential(*layers, *([nn.MaxPool1d(pool)] if pool > 1 else []))
        self.gru = nn.GRU(filters, gru, batch_first=True)
        self.hidden = nn.Linear(gru, attention)
        self.score = nn.Linear(attention, 1, bias=False)
        self.last = last
        self.head = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(gru * (2 if last else 1), dense), nn.ReLU(), nn.Dropout(dropout), nn.Linear(dense, 1)
        )

    def forward(self, x):
        h, _ = self.gru(self.convolutions(x.transpose(1, 2)).transpose(1, 2))
        weights = torch.softmax(self.score(torch.tanh(self.hidden(h))), 1)
        context = (weights * h).sum(1)
        return self.head(torch.cat([context, h[:, -1]], 1) if self.last else context)


def measure(run, seconds):
    until = time.perf_counter() + 0.8
    while time.perf_counter() < until:
        run()
    times, processor = [], []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        start, used = time.perf_counter(), time.process_time()
        run()
        times.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return statistics.median(times), statistics.median(processor)


def train(network, window, inputs, clip, batch=128):
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    x, y = torch.randn(batch, window, inputs), torch.randn(batch, 1)
    network.train()

    def step():
        optimiser.zero_grad()
        ((network(x) - y) ** 2).mean().backward()
        if clip:
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()

    return [batch / seconds for seconds in measure(step, 3)]


def infer(network, size):
    x = torch.randn(size, 16, 27)
    network.eval()
    with torch.inference_mode():
        return measure(lambda: network(x), 2)


networks = {"small": (Network(20, 32, 48, 32, 32, True, 0.1, True, 2), 50, 20, True)}
networks["large"] = (Network(25, 64, 128, 64, 64, False, 0.0, True, 2), 100, 25, False)
answer = {"torch": torch.__version__.split("+")[0]}
for name, (network, *rest) in networks.items():
    clock, processor = train(network, *rest)
    answer[f"{name}_windows_per_s"] = clock
    answer[f"{name}_windows_per_s_of_processor_time"] = processor
study = Network(27, 32, 48, 32, 32, True, 0.1, False, 1)
answer["one_window_ms"] = 1000 * infer(study, 1)[0]
clock, processor = infer(study, 256)
answer["windows_per_s_batch_256"] = 256 / clock
answer["windows_per_s_of_processor_time_batch_256"] = 256 / processor
print(json.dumps(answer))
