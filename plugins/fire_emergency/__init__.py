"""Fire and emergency: forms, indicators and checks. It needs nothing but `runtime.api` and `runtime.hooks`."""
