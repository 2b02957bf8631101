"""Copies of public pages, kept by each process and answered before Django is asked; right by construction.

A copy is a pure function of the address, the display switches, the content version and an interval in which nothing
opens or closes. `front.py` answers, `addresses.py` says what may be kept, `watch.py` asks for the version, `store.py`
keeps.
"""
