"""What stands between the command line and a command: how its Context is put together, how it speaks, how it ends.

Laziness has its home here and in `app.py`, in nobody else's functions.
"""
