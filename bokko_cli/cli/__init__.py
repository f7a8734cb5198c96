"""What stands between the command line and a command: how its Context is put together, how it speaks, how it ends.

Laziness has its home in `assembly`, and for the parser in `app`: no other function imports anything.
"""
