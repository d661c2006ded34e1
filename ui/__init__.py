"""The window and the command line of Crowdtape."""

import os

# numpy reads this when it is first imported. By default it asks for memory in pages of 2 MB. Where what was freed has
# gone back to the system, as it has after a pause, to make such pages anew costs more than reading a million bars: a
# third of a second in a virtual machine.
os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
