"""Optuna's half of the search comparison: one JSON line in, one JSON line out."""
import json
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")

# A sampler that has seen every combination it likes proposes them again, at no cost; this ends it.
MOST_TRIALS = 1500


def search(command):
    levels = command["levels"]
    known = {tuple(path): i for i, path in enumerate(levels)}
    knobs = [sorted({path[k] for path in levels}) for k in range(len(levels[0]))]
    order, spent = [], 0.0
    two = command["sampler"] == "nsga2"
    if two:
        sampler = optuna.samplers.NSGAIISampler(seed=command["seed"], population_size=20)
        study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    else:
        sampler = optuna.samplers.TPESampler(seed=command["seed"], multivariate=True)
        study = optuna.create_study(direction="maximize", sampler=sampler)

    def objective(trial):
        nonlocal spent
        picked = tuple(
            trial.suggest_categorical(str(k), values) if len(values) > 1 else values[0] for k, values in enumerate(knobs)
        )
        path = known.get(picked)
        if path is None:
            raise optuna.TrialPruned()
        if path not in order:
            order.append(path)
            spent += command["seconds"][path]
            if spent > command["mostSeconds"]:
                study.stop()
        return (command["values"][path], command["memory"][path]) if two else command["values"][path]

    study.optimize(objective, n_trials=MOST_TRIALS)
    return {"order": order}


for line in sys.stdin:
    request = json.loads(line)
    answer = {"version": optuna.__version__} if request["sampler"] == "version" else search(request)
    print(json.dumps(answer), flush=True)
