"""Writes src/learn/layers/torch-reference.json: layers and small networks in PyTorch, with their gradients.

pip install torch==2.13.0 (in a virtual environment outside the tree), then:
    python validate/layers_reference.py [another output file]
The committed file is what src/learn/layers/torch.test.ts checks layers and networks against.
"""

import json
import math
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(5)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # the reference should not carry rounding of its own

STEPS, LEARNING_RATE, WEIGHT_DECAY = 6, 0.005, 0.1


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().reshape(-1)]


def single(module):
    """Weights are what single precision can hold, so that both sides start from equal numbers."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter).mul(0.4).float().double())
    return module


def transposed(parts):
    return [part.T for part in parts]


def dense(name, layer, pick):
    return {f"{name}.weights": pick(layer.weight).T, f"{name}.bias": pick(layer.bias)}


def normalisation(name, layer, pick):
    return {f"{name}.gain": pick(layer.weight), f"{name}.shift": pick(layer.bias)}


def convolution(name, layer, pick):
    return {f"{name}.weights": pick(layer.weight).permute(2, 1, 0), f"{name}.bias": pick(layer.bias)}


def gru(name, layer, pick):
    gates = ["Reset", "Update", "Candidate"]
    input_, recurrent = (transposed(pick(w).chunk(3)) for w in (layer.weight_ih_l0, layer.weight_hh_l0))
    return {
        **{f"{name}.input{gate}": w for gate, w in zip(gates, input_)},
        **{f"{name}.recurrent{gate}": w for gate, w in zip(gates, recurrent)},
        **{f"{name}.bias{gate}": w for gate, w in zip(gates, pick(layer.bias_ih_l0).chunk(3))},
        f"{name}.biasRecurrentCandidate": pick(layer.bias_hh_l0).chunk(3)[2],
    }


def lstm(name, layer, pick, suffix=""):
    gates = ["Input", "Forget", "Candidate", "Output"]
    of = lambda part: pick(getattr(layer, f"{part}_l0{suffix}"))
    input_, recurrent = (transposed(of(w).chunk(4)) for w in ("weight_ih", "weight_hh"))
    return {
        **{f"{name}.input{gate}": w for gate, w in zip(gates, input_)},
        **{f"{name}.recurrent{gate}": w for gate, w in zip(gates, recurrent)},
        **{f"{name}.bias{gate}": w for gate, w in zip(gates, of("bias_ih").chunk(4))},
    }


def attention(name, layer, pick):
    query, key, value = transposed(pick(layer.in_proj_weight).chunk(3))
    query_bias, _, value_bias = pick(layer.in_proj_bias).chunk(3)
    return {
        f"{name}.query": query,
        f"{name}.queryBias": query_bias,
        f"{name}.key": key,
        f"{name}.value": value,
        f"{name}.valueBias": value_bias,
        f"{name}.output": pick(layer.out_proj.weight).T,
        f"{name}.outputBias": pick(layer.out_proj.bias),
    }


def hold(parameter, start, end):
    """Keeps at zero a part of a bias that acts only in sum with another, or not at all: genu has none there."""
    mask = torch.ones_like(parameter)
    mask[start:end] = 0
    with torch.no_grad():
        parameter.mul_(mask)
    parameter.register_hook(lambda gradient: gradient * mask)


def single_lstm(*sizes, **options):
    layer = single(nn.LSTM(*sizes, **options))
    for name, parameter in layer.named_parameters():
        if name.startswith("bias_hh"):
            hold(parameter, 0, len(parameter))
    return layer


def single_attention(channels, heads):
    layer = single(nn.MultiheadAttention(channels, heads))
    hold(layer.in_proj_bias, channels, 2 * channels)
    return layer


def causal(time):
    return torch.ones(time, time, dtype=torch.bool).triu(1)


def probe(module, names, shape, call):
    """Output and gradients of Σ y·r with random r; x [time, batch, channels]."""
    x = torch.randn(*shape).requires_grad_()
    y = call(x)
    r = torch.randn_like(y)
    (y * r).sum().backward()
    return {
        "shape": shape,
        "x": flat(x),
        "r": flat(r),
        "output": flat(y),
        "weights": {name: flat(value) for name, value in names(lambda p: p).items()},
        "gradient": {"x": flat(x.grad), **{name: flat(value) for name, value in names(lambda p: p.grad).items()}},
    }


def probe_layers():
    shape = [5, 2, 4]
    gru_ = single(nn.GRU(4, 3))
    hold(gru_.bias_hh_l0, 0, 6)
    lstm_ = single_lstm(4, 3)
    both = single_lstm(4, 3, bidirectional=True)
    heads, masked = single_attention(4, 2), single_attention(4, 2)
    norm = single(nn.LayerNorm(4))
    conv = single(nn.Conv1d(4, 3, 3, dilation=2))
    pad = lambda x: functional.pad(x.permute(1, 2, 0), (4, 0))
    attend = lambda layer, x, mask=None: layer(x, x, x, need_weights=False, attn_mask=mask)[0]
    return {
        "gru": probe(gru_, lambda pick: gru("layer", gru_, pick), shape, lambda x: gru_(x)[0]),
        "lstm": probe(lstm_, lambda pick: lstm("layer", lstm_, pick), shape, lambda x: lstm_(x)[0]),
        "bidirectional": probe(
            both,
            lambda pick: {**lstm("layerForward", both, pick), **lstm("layerBackward", both, pick, "_reverse")},
            shape,
            lambda x: both(x)[0],
        ),
        "selfAttention": probe(heads, lambda pick: attention("layer", heads, pick), shape, lambda x: attend(heads, x)),
        "causalSelfAttention": probe(
            masked, lambda pick: attention("layer", masked, pick), shape, lambda x: attend(masked, x, causal(5))
        ),
        "layerNormalisation": probe(norm, lambda pick: normalisation("layer", norm, pick), shape, norm),
        "dilatedConvolution": probe(
            conv, lambda pick: convolution("layer", conv, pick), [7, 2, 4], lambda x: conv(pad(x)).permute(2, 0, 1)
        ),
    }


CHANNELS, WINDOW, BATCH = 3, 7, 4
INPUTS = [f"channel {k}" for k in range(CHANNELS)]


class Lstm(nn.Module):
    config = {"kind": "lstm", "head": "window", "lstmUnits": 4, "denseUnits": 3}

    def __init__(self):
        super().__init__()
        self.lstm = single_lstm(CHANNELS, 4)
        self.dense, self.output = single(nn.Linear(4, 3)), single(nn.Linear(3, 1))

    def forward(self, x):
        return self.output(torch.relu(self.dense(self.lstm(x)[0][-1])))

    def names(self, pick):
        return {
            **lstm("lstm1", self.lstm, pick),
            **dense("dense", self.dense, pick),
            **dense("output", self.output, pick),
        }


class Tcn(nn.Module):
    config = {"kind": "tcn", "head": "sequence", "blocks": 2, "filters": 4, "taps": 3, "denseUnits": 0}

    def __init__(self):
        super().__init__()
        sizes = [(CHANNELS, 1), (4, 1), (4, 2), (4, 2)]
        self.convolutions = nn.ModuleList(single(nn.Conv1d(c, 4, 3, dilation=d)) for c, d in sizes)
        self.norms = nn.ModuleList(single(nn.LayerNorm(4)) for _ in sizes)
        self.match, self.output = single(nn.Linear(CHANNELS, 4)), single(nn.Linear(4, 1))

    def forward(self, x):
        for block in range(2):
            y = x
            for half in range(2):
                layer = self.convolutions[2 * block + half]
                padded = functional.pad(y.permute(1, 2, 0), (2 * layer.dilation[0], 0))
                y = torch.relu(self.norms[2 * block + half](layer(padded).permute(2, 0, 1)))
            x = torch.relu((self.match(x) if block == 0 else x) + y)
        return self.output(x)

    def names(self, pick):
        halves = ["1A", "1B", "2A", "2B"]
        return {
            **{k: v for h, c in zip(halves, self.convolutions) for k, v in convolution(f"convolution{h}", c, pick).items()},
            **{k: v for h, n in zip(halves, self.norms) for k, v in normalisation(f"normalisation{h}", n, pick).items()},
            **dense("match1", self.match, pick),
            **dense("output", self.output, pick),
        }


class Transformer(nn.Module):
    config = {
        "kind": "transformer",
        "head": "sequence",
        "blocks": 1,
        "units": 8,
        "attentionHeads": 2,
        "feedForwardUnits": 6,
        "position": "sinusoidal",
        "denseUnits": 0,
    }

    def __init__(self):
        super().__init__()
        self.embedding, self.output = single(nn.Linear(CHANNELS, 8)), single(nn.Linear(8, 1))
        self.block = single(nn.TransformerEncoderLayer(8, 2, 6, dropout=0, norm_first=True))
        hold(self.block.self_attn.in_proj_bias, 8, 16)
        self.norm = single(nn.LayerNorm(8))
        positions = torch.zeros(WINDOW, 1, 8)
        for t in range(WINDOW):
            for k in range(4):
                positions[t, 0, 2 * k] = math.sin(t / 10000 ** (2 * k / 8))
                positions[t, 0, 2 * k + 1] = math.cos(t / 10000 ** (2 * k / 8))
        self.positions = positions

    def forward(self, x):
        return self.output(self.norm(self.block(self.embedding(x) + self.positions, src_mask=causal(WINDOW))))

    def names(self, pick):
        return {
            **dense("embedding", self.embedding, pick),
            **normalisation("normalisation1A", self.block.norm1, pick),
            **attention("attention1", self.block.self_attn, pick),
            **normalisation("normalisation1B", self.block.norm2, pick),
            **dense("feedForward1A", self.block.linear1, pick),
            **dense("feedForward1B", self.block.linear2, pick),
            **normalisation("normalisation", self.norm, pick),
            **dense("output", self.output, pick),
        }


def train(network):
    """Loss and gradient before the first of some AdamW steps, and the losses of all."""
    features = torch.randn(WINDOW, BATCH, CHANNELS).float().double()
    rows = [WINDOW, BATCH] if network.config["head"] == "sequence" else [BATCH]
    labels = torch.randn(*rows, 1).float().double()
    weights = torch.rand(*rows, 1).float().double()
    matrices = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0}], lr=LEARNING_RATE
    )
    result = {
        "network": {"inputs": INPUTS, "window": WINDOW, "dropout": 0, **network.config},
        "batch": BATCH,
        "features": flat(features),
        "labels": flat(labels),
        "sampleWeights": flat(weights),
        "weights": {name: flat(value) for name, value in network.names(lambda p: p).items()},
        "losses": [],
    }
    for step in range(STEPS):
        prediction = network(features)
        loss = (weights * (prediction - labels) ** 2).sum() / weights.sum()
        optimiser.zero_grad()
        loss.backward()
        if step == 0:
            result["prediction"] = flat(prediction)
            result["gradient"] = {name: flat(value) for name, value in network.names(lambda p: p.grad).items()}
        result["losses"].append(loss.item())
        optimiser.step()
    return result


result = {
    "torch": torch.__version__.split("+")[0],
    "learningRate": LEARNING_RATE,
    "weightDecay": WEIGHT_DECAY,
    "layers": probe_layers(),
    "networks": [train(network) for network in (Lstm(), Tcn(), Transformer())],
}
committed = pathlib.Path(__file__).resolve().parent.parent / "src" / "learn" / "layers" / "torch-reference.json"
path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else committed
path.write_text(json.dumps(result) + "\n")
