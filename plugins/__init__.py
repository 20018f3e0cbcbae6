"""Departments: each sub-folder comes in through `runtime.hooks` and uses `runtime.api`."""
