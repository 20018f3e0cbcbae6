"""The runtime of Yibiao: renders data-entry screens, fills reports from facts, and writes PDF and Excel.

It knows neither the builder nor any department: both come in through `runtime.hooks` and use `runtime.api`.
"""
