"""Writes src/learn/training/torch-reference.json: the same small network and 20 AdamW steps in PyTorch.

pip install torch==2.13.0 (in a virtual environment outside the tree), then:
    python validate/torch_reference.py [another output file]
The committed file is what src/learn/training/torch.test.ts checks the training engine against.
"""

import json
import pathlib
import sys

import torch
from torch import nn

torch.manual_seed(11)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the reference should not carry rounding of its own

CHANNELS, WINDOW, FILTERS, TAPS, UNITS, ATTENTION, DENSE, BATCH, STEPS = 3, 13, 4, 3, 5, 3, 4, 6, 20


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv1d(CHANNELS, FILTERS, TAPS, padding=TAPS // 2, bias=False)
        self.n1 = nn.BatchNorm1d(FILTERS)
        self.c2 = nn.Conv1d(FILTERS, FILTERS, TAPS, padding=TAPS // 2, bias=False)
        self.n2 = nn.BatchNorm1d(FILTERS)
        self.gru = nn.GRU(FILTERS, UNITS, batch_first=True)
        self.hidden = nn.Linear(UNITS, ATTENTION)
        self.score = nn.Linear(ATTENTION, 1, bias=False)
        self.dense = nn.Linear(2 * UNITS, DENSE)
        self.output = nn.Linear(DENSE, 1)
        # PyTorch keeps a second bias for r and z, which acts only in sum with the first: hold it at zero.
        mask = torch.zeros(3 * UNITS)
        mask[2 * UNITS :] = 1
        with torch.no_grad():
            self.gru.bias_hh_l0.mul_(mask)
        self.gru.bias_hh_l0.register_hook(lambda gradient: gradient * mask)

    def forward(self, x):  # [batch, window, channels]
        x = torch.relu(self.n1(self.c1(x.transpose(1, 2))))
        x = nn.functional.max_pool1d(torch.relu(self.n2(self.c2(x))), 2)
        h, _ = self.gru(x.transpose(1, 2))
        attention = torch.softmax(self.score(torch.tanh(self.hidden(h))), 1)
        summary = torch.cat([(attention * h).sum(1), h[:, -1]], 1)
        return self.output(torch.relu(self.dense(summary))), attention[..., 0]


def named(network, pick):
    """Tensors by genu's names and in its layouts."""
    taps = lambda t: t.permute(2, 1, 0)
    gates = lambda t: [part.T for part in t.chunk(3)]
    input_, recurrent = gates(pick(network.gru.weight_ih_l0)), gates(pick(network.gru.weight_hh_l0))
    biases = pick(network.gru.bias_ih_l0).chunk(3)
    gate = ["Reset", "Update", "Candidate"]
    return {
        "convolution1.weights": taps(pick(network.c1.weight)),
        "normalisation1.gain": pick(network.n1.weight),
        "normalisation1.shift": pick(network.n1.bias),
        "convolution2.weights": taps(pick(network.c2.weight)),
        "normalisation2.gain": pick(network.n2.weight),
        "normalisation2.shift": pick(network.n2.bias),
        **{f"gru.input{g}": w for g, w in zip(gate, input_)},
        **{f"gru.recurrent{g}": w for g, w in zip(gate, recurrent)},
        **{f"gru.bias{g}": w for g, w in zip(gate, biases)},
        "gru.biasRecurrentCandidate": pick(network.gru.bias_hh_l0)[2 * UNITS :],
        "attentionHidden.weights": pick(network.hidden.weight).T,
        "attentionHidden.bias": pick(network.hidden.bias),
        "attentionScore.weights": pick(network.score.weight).T,
        "dense.weights": pick(network.dense.weight).T,
        "dense.bias": pick(network.dense.bias),
        "output.weights": pick(network.output.weight).T,
        "output.bias": pick(network.output.bias),
    }


def statistics(network):
    return {
        f"normalisation{k}.{name}": flat(value)
        for k, layer in ((1, network.n1), (2, network.n2))
        for name, value in (("mean", layer.running_mean), ("variance", layer.running_var))
    }


def flat(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().reshape(-1)]


network = Network()
# Weights and data are what single precision can hold, so that both sides start from equal numbers.
with torch.no_grad():
    for parameter in network.parameters():
        parameter.copy_(parameter.float().double())
features = torch.randn(BATCH, WINDOW, CHANNELS).float().double()
labels = torch.randn(BATCH, 1).float().double()
sample_weights = torch.tensor([1.0, 0.5, 2.0, 1.0, 0.0, 1.0]).reshape(-1, 1)
learning_rate, weight_decay = 0.01, 0.1

result = {
    "torch": torch.__version__.split("+")[0],
    "network": {
        "inputs": [f"channel {k}" for k in range(CHANNELS)],
        "window": WINDOW,
        "convolutionFilters": FILTERS,
        "convolutionTaps": TAPS,
        "gruUnits": UNITS,
        "attentionUnits": ATTENTION,
        "denseUnits": DENSE,
        "dropout": 0,
    },
    "batch": BATCH,
    "learningRate": learning_rate,
    "weightDecay": weight_decay,
    "weights": {name: flat(value) for name, value in named(network, lambda p: p).items()},
    "statistics": statistics(network),
    "features": flat(features),
    "labels": flat(labels),
    "sampleWeights": flat(sample_weights),
    "losses": [],
}
matrices = [p for p in network.parameters() if p.dim() > 1]
others = [p for p in network.parameters() if p.dim() == 1]
optimiser = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0}], lr=learning_rate
)
for step in range(STEPS):
    prediction, _ = network(features)
    loss = (sample_weights * (prediction - labels) ** 2).sum() / sample_weights.sum()
    optimiser.zero_grad()
    loss.backward()
    if step == 0:
        result["gradient"] = {name: flat(value) for name, value in named(network, lambda p: p.grad).items()}
    result["losses"].append(float(loss))
    optimiser.step()

network.eval()
prediction, attention = network(features)
result["trained"] = {
    "weights": {name: flat(value) for name, value in named(network, lambda p: p).items()},
    "statistics": statistics(network),
    "prediction": flat(prediction),
    "attention": flat(attention),
}
committed = pathlib.Path(__file__).resolve().parent.parent / "src" / "learn" / "training" / "torch-reference.json"
path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else committed
path.write_text(json.dumps(result) + "\n")
