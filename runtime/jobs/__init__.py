"""Work in the background: the `job` table is the truth, a worker takes what is offered. Not for what the work is.

What a kind of job does is registered by those who do it, and found by name:

    @handler("import")
    def run(run: Run) -> dict[str, Any]: ...

    job_id = start(session, "import", {"import": 7}, actor=3, title=…, unit_id=12)  # in the caller's transaction
    offer(site, job_id)           # after its commit; without a worker the next minute's look finds it
    perform(site, job_id)         # here and now: commands and tests

`Run` has `site` (engine, library), `arguments`, `actor`, `progress(done, total, message)`, which is the beat of
the heart, and raises `Cancelled` once somebody has asked for that.
"""
