"""The steps from one shape of the tables to the next, each all or nothing; `runtime.storage.migrate` runs them."""
