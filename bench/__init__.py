"""Benchmarks: each case is compared with a peer or the physical limit in the same run. `make bench`."""
