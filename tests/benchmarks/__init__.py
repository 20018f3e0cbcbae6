"""Measurements: each `bench_*.py` here yields `Measure`s from its function `measure()`."""
