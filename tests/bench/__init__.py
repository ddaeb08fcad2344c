"""The benchmark: `python -m tests.bench --help`, from the root of the repository. Linux only."""
