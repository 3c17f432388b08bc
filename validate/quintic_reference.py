"""Slopes of the natural quintic spline (third and fourth derivative 0 at both ends) by SciPy.

python validate/quintic_reference.py request.json answer.json
request: {"times_s": [...], "series": [[...], ...]}; answer: [[slopes], ...]
"""

import json
import sys

from scipy.interpolate import make_interp_spline

with open(sys.argv[1], encoding="utf-8") as file:
    request = json.load(file)
ends = [(3, 0.0), (4, 0.0)]
times_s = request["times_s"]
slopes = [
    make_interp_spline(times_s, values, k=5, bc_type=(ends, ends)).derivative()(times_s).tolist()
    for values in request["series"]
]
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(slopes, file)
