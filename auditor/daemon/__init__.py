"""The daemon: audits whenever a schedule says so, and loses none.

It promises: audits run at least once; each has exactly one verdict, one report and one notification.

``loop`` is what happens at every tick, ``folder`` watches ``schedules/``, ``children`` and ``child`` are
the two sides of a process that carries out one audit, ``serve`` starts and stops it all. Nothing
that trains is imported in the daemon's own process: what an audit takes of memory goes with its process, and
a crash there is one attempt lost.
"""
