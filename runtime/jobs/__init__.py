"""Work in the background: the `job` table is the truth, a worker takes what is offered. Not for what the work is.

What a kind of job does is registered by those who do it, and found by name:

    @handler("import")                        # runtime.jobs.registry; the module stands in built_in.JOB_MODULES
    def run(run: Run) -> dict[str, Any]: ...  # runtime.jobs.run; {"url": …} is where the result is seen

    job_id = start(session, "import", {"import": 7}, actor=3, title={"en": …}, unit_id=12)   # runtime.jobs.store
    offer(site, job_id)           # runtime.jobs.worker, after the commit; else the next minute's look finds it
    perform(site, job_id)         # runtime.jobs.run, here and now (commands and tests): the job as it ended

`Run` has `site` (engine, library), `arguments`, `actor`, `progress(done, total, message)`, which is the beat of
the heart, and raises `Cancelled` once somebody has asked for that. Call `progress` at each batch, between
transactions and never within one, for it writes. A handler is repeated after a kill: it must be safe to repeat.
Whatever it raises ends the job as failed, with the text of a `YibiaoError` shown to the person.
"""
