"""Prints a seeded click log in Criteo format: skewed ids, some values missing."""
import random

random.seed(1)
for _ in range(5000):
    integers = [str(int(random.expovariate(0.05))) if random.random() > 0.1 else "" for _ in range(13)]
    categories = ["%08x" % (int(random.paretovariate(0.9)) * 2654435761 % 2**32) if random.random() > 0.05 else "" for _ in range(26)]
    print("\t".join([str(int(random.random() < 0.03))] + integers + categories))
