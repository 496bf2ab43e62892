"""The tests of Plenary."""

import gc

gc.set_threshold(50_000, 20, 50)  # what imports, the world and requests leave is looked through seldom: a twentieth of the time
