"""The shelf's state machine: events in, effects out, no clock, no disk, no network, no threads.

`transitions.py` owns every transition of the device, `place.py` those of one panel; `judging.py`
decides what may be taken. `events.py`, `effects.py` and `values.py` are the words they speak. What
must outlive a crash is in `snapshot.py`, and nowhere else: a machine that is dropped and built
anew from the last remembered snapshot goes on as if nothing had happened.
"""
