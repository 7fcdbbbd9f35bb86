import time, os
from tests.stateful.world import World
from tests.stateful.walk import walk, printed
from collections import Counter
def test_w(project, deployer, accounts, config):
    w=World(project, deployer, accounts, config)
    t=Counter()
    n=int(os.environ.get("N",2000))
    import cProfile
    pr=cProfile.Profile()
    if os.environ.get("PROF"): pr.enable()
    s=time.time()
    try: walk(w, os.environ.get("SEED","1"), n, t)
    finally:
        pr.disable()
        print(printed(t)); print("steps/s", t["steps"]/(time.time()-s))
        if os.environ.get("PROF"): import pstats; pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
